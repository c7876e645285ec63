#include "gateway/lookout.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/overview.hpp"
#include "gateway/runtime/replace_file.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <filesystem>
#include <fstream>

namespace gateway {

namespace asio = boost::asio;
using language::tr;
using Duration = runtime::WallClock::Duration;

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{256} * 1024;

// Every so often, by the time since the boot, which no clock that is set disturbs.
class Pace {
  public:
    Pace(Duration every, Duration now) : every_(every), last_(now) {}

    bool is_due(Duration now) {
        if (now - last_ < every_) return false;
        last_ = now;
        return true;
    }

  private:
    Duration every_;
    Duration last_;
};

}  // namespace

Lookout::Lookout(
    const std::string& state_directory, const runtime::WallClock& clock, observe::Log& log
)
    : path_(state_directory + "/history"), clock_(clock), log_(log), history_(clock) {
    restore();
}

void Lookout::restore() {
    std::error_code missing;
    if (!std::filesystem::exists(path_, missing)) return;
    std::ifstream file(path_, std::ios::binary);
    std::string text(kFileBytesMax, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (history_.restore(text)) return;
    log_.warning(
        "history-lost",
        tr("{0} is damaged or of another version: the charts of the status page begin anew. "
           "Nothing "
           "else depends on it.",
           {path_})
    );
}

asio::awaitable<void> Lookout::run(Overview& overview, runtime::WorkerThread& storage) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    history_.note(overview.report());
    Pace stepping{observe::History::kFineStep, clock_.since_boot()};
    Pace saving{kSaveInterval, clock_.since_boot()};
    while (true) {
        timer.expires_after(kInterval);
        co_await timer.async_wait(asio::use_awaitable);
        if (!is_resting_) overview.watch();
        log_.write_repetitions();
        if (stepping.is_due(clock_.since_boot())) history_.note(overview.report());
        if (saving.is_due(clock_.since_boot())) co_await save(storage);
    }
}

asio::awaitable<void> Lookout::save(runtime::WorkerThread& storage) {
    auto work = [path = path_, text = history_.to_text()] {
        return runtime::replace_file(path, text);
    };
    const auto failure = co_await storage.run(std::move(work));
    if (!failure) co_return;
    log_.warning(
        "history-not-kept",
        tr("The history of the status page cannot be written to {0}: {1}",
           {path_, language::failure_words(failure)})
    );
}

}  // namespace gateway
