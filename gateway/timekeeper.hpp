#pragma once
#include "gateway/buffer/outbox.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/trusted_clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace gateway {

// Keeps the gateway's clock: watches who sets it, tells the buffer what readings without a date are
// waiting for, and remembers the last good time in the state directory. On the reactor.
class Timekeeper {
  public:
    static constexpr std::chrono::seconds kWatchInterval{1};
    // What the floor may be behind after a power cut; the card is written no more often.
    static constexpr std::chrono::minutes kSaveInterval{10};

    // Settings and log outlive it. Reads the last good time: blocks.
    Timekeeper(const settings::Settings& settings, observe::Log& log);

    const runtime::TrustedClock& clock() const { return clock_; }
    const std::string& file() const { return file_.path(); }

    // Looks at who sets the clock; run() does by itself.
    void watch() { clock_.watch(); }

    // What is known now of when this boot began.
    buffer::BootDate boot_date() const;

    // Until it is cancelled. `storage` does what blocks.
    boost::asio::awaitable<void> run(buffer::Outbox& outbox, runtime::WorkerThread& storage);
    boost::asio::awaitable<void> save(runtime::WorkerThread& storage);

  private:
    boost::asio::awaitable<void> tell(buffer::Outbox& outbox);

    observe::Log& log_;
    std::chrono::seconds wait_max_;
    runtime::SystemClock system_;
    runtime::KernelBootClock boot_;
    std::unique_ptr<runtime::TimeService> service_;
    runtime::LastGoodTimeFile file_;
    runtime::TrustedClock clock_;
    std::optional<buffer::BootDate> told_;
};

}  // namespace gateway
