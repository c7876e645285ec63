#pragma once
#include "drivers/driver.hpp"
#include "gateway/firmware/depot.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gateway {

// One source: what it is for the pipeline, and who receives for it.
struct WayIn {
    std::string name;
    model::SourceId id{};
    std::unique_ptr<drivers::Driver> driver;
    bool is_stopped = false;
};

// The drivers of the configured sources, in their order. Some can be replaced while the others keep
// their connections. On the reactor; everything by reference outlives it, as it outlives its tasks.
class WaysIn {
  public:
    // Named bound: sources that were replaced in one run. What a driver leaves on the reactor may
    // still refer to it, so that none is destroyed before the reactor has ended.
    static constexpr std::size_t kReplacedMax = 64;

    struct Environment {
        boost::asio::any_io_executor reactor;
        const runtime::WallClock& clock;
        observe::Log& log;
        Pipeline& pipeline;
        runtime::TaskGroup& tasks;            // tries again what cannot start
        firmware::Depot* firmware = nullptr;  // null: devices are offered no updates
    };

    // Of the sources of `settings`, where exchange() puts others.
    WaysIn(Environment environment, settings::Settings& settings);

    void start();

    // Whether so many more sources may be replaced.
    bool may_replace(std::size_t sources) const {
        return replaced_.size() + sources <= kReplacedMax;
    }

    // These are the sources from now on. Those in `changed`, by name, and those that are gone, stop
    // first; every other one goes on as it is.
    boost::asio::awaitable<void> exchange(
        std::vector<settings::Source> sources, std::set<std::string> changed
    );

    // Against new frames first; answers when what was taken is acknowledged or refused.
    boost::asio::awaitable<void> stop();

    const std::vector<std::unique_ptr<WayIn>>& list() const { return ways_; }

  private:
    std::unique_ptr<WayIn> make(const settings::Source& source, model::SourceId id) const;
    boost::asio::awaitable<void> start_one(WayIn& way);

    Environment environment_;
    settings::Settings& settings_;
    std::vector<std::unique_ptr<WayIn>> ways_;
    std::vector<std::unique_ptr<WayIn>> replaced_;
};

}  // namespace gateway
