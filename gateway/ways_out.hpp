#pragma once
#include "gateway/anonymise/key_store.hpp"
#include "gateway/buffer/outbox.hpp"
#include "gateway/forward/forwarder.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace gateway {

// One uplink with what waits for it.
struct WayOut {
    std::vector<buffer::BatchQueue*> queues;
    std::unique_ptr<forward::Forwarder> forwarder;
};

// The forwarders of the configured uplinks, in their order. One can be replaced while the others go
// on. On the reactor; everything by reference outlives it, as it outlives its tasks.
class WaysOut {
  public:
    struct Environment {
        boost::asio::any_io_executor reactor;
        const runtime::WallClock& clock;
        observe::Log& log;
        anonymise::KeySource& keys;
        buffer::Outbox& outbox;
    };

    // Of the uplinks of `settings`, where exchange() puts another one.
    WaysOut(Environment environment, settings::Settings& settings);

    ~WaysOut();
    WaysOut(const WaysOut&) = delete;
    WaysOut& operator=(const WaysOut&) = delete;

    // Forwards until the tasks are closed.
    void start(runtime::TaskGroup& tasks);

    // The uplink at `position` is another one from now on, of the same name and datasets. A batch
    // that is under way is concluded first, within Forwarder::kStopGrace.
    boost::asio::awaitable<void> exchange(std::size_t position, settings::Uplink uplink);

    const std::vector<WayOut>& list() const { return ways_; }

  private:
    class Change;

    boost::asio::awaitable<void> forward(std::size_t position);
    boost::asio::awaitable<bool> forward_until_exchanged(std::size_t position);
    std::unique_ptr<forward::Forwarder> make(std::size_t position) const;

    Environment environment_;
    settings::Settings& settings_;
    std::vector<WayOut> ways_;
    std::vector<std::unique_ptr<Change>> changes_;
};

}  // namespace gateway
