#pragma once
#include "gateway/observe/history.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/worker_thread.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace gateway {

class Overview;

// Looks at the gateway every second: sees to its problems, and keeps its history in the state
// directory. On the reactor.
class Lookout {
  public:
    static constexpr std::chrono::seconds kInterval{1};
    // What of the history a power cut may cost: some 40 KB are written each time, 4 MB a day.
    static constexpr std::chrono::minutes kSaveInterval{15};

    // Reads the history of earlier runs: blocks. Clock and log outlive it.
    Lookout(const std::string& state_directory, const runtime::WallClock& clock, observe::Log& log);

    const observe::History& history() const { return history_; }

    // Until it is cancelled. `storage` does what blocks.
    boost::asio::awaitable<void> run(Overview& overview, runtime::WorkerThread& storage);
    boost::asio::awaitable<void> save(runtime::WorkerThread& storage);
    // From now on it sees no problems: what is closed in order is none.
    void rest() { is_resting_ = true; }

  private:
    void restore();

    const std::string path_;
    const runtime::WallClock& clock_;
    observe::Log& log_;
    observe::History history_;
    bool is_resting_ = false;
};

}  // namespace gateway
