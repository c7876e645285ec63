#include "gateway/timekeeper.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway {

namespace asio = boost::asio;
using language::tr;

namespace {

std::unique_ptr<runtime::TimeService> make_service(const settings::Clock& clock) {
    switch (clock.trust) {
        case settings::Clock::Trust::kernel:
            break;
        case settings::Clock::Trust::mark:
            return std::make_unique<runtime::MarkTimeService>(clock.mark);
        case settings::Clock::Trust::always:
            return std::make_unique<runtime::SteadyTimeService>();
    }
    return std::make_unique<runtime::KernelTimeService>(clock.mark);
}

// Whether the buffer has to hear of it: a guess that follows a slewed clock is no news.
bool is_news(const buffer::BootDate& now, const buffer::BootDate& told) {
    const auto moved = std::chrono::abs(now.began - told.began);
    return now.knowledge != told.knowledge ||
           (now.knowledge != buffer::BootDate::Knowledge::known &&
            moved > runtime::TrustedClock::kStepMax);
}

}  // namespace

Timekeeper::Timekeeper(const settings::Settings& settings, observe::Log& log)
    : log_(log),
      wait_max_(settings.clock.wait_max),
      service_(make_service(settings.clock)),
      file_(settings.gateway.state_directory + "/clock"),
      clock_({system_, boot_, *service_}, file_.load()) {
    clock_.watch();
}

buffer::BootDate Timekeeper::boot_date() const {
    using Knowledge = buffer::BootDate::Knowledge;
    buffer::BootDate date{clock_.boot_id(), clock_.boot_instant(), Knowledge::awaited};
    if (clock_.since_boot() >= wait_max_) date.knowledge = Knowledge::guessed;
    if (clock_.is_trusted()) date.knowledge = Knowledge::known;
    return date;
}

asio::awaitable<void> Timekeeper::run(buffer::Outbox& outbox, runtime::WorkerThread& storage) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::optional<runtime::WallClock::Duration> saved;  // since the boot
    while (true) {
        const bool was_trusted = clock_.is_trusted();
        clock_.watch();
        const bool is_set_now = clock_.is_trusted() && !was_trusted;
        if (is_set_now) log_.info("clock-set", tr("The clock of the box is set."));
        co_await tell(outbox);
        if (!saved || is_set_now || clock_.since_boot() - *saved >= kSaveInterval) {
            co_await save(storage);
            saved = clock_.since_boot();
        }
        timer.expires_after(kWatchInterval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> Timekeeper::tell(buffer::Outbox& outbox) {
    auto date = boot_date();
    if (told_ && !is_news(date, *told_)) co_return;
    told_ = date;
    // A failure of the store has its own way to be told.
    [[maybe_unused]] const auto taken = co_await outbox.date_boot(std::move(date));
}

asio::awaitable<void> Timekeeper::save(runtime::WorkerThread& storage) {
    auto work = [file = file_, time = clock_.last_good_time()] { return file.save(time); };
    const auto failure = co_await storage.run(std::move(work));
    if (!failure) co_return;
    log_.warning(
        "clock-not-kept",
        tr("The last good time cannot be written to {0}: {1}",
           {file_.path(), language::failure_words(failure)})
    );
}

}  // namespace gateway
