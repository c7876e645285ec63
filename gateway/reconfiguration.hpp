#pragma once
#include "gateway/model/result.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/observe/problems.hpp"
#include "gateway/observe/report.hpp"
#include "gateway/rollout/health.hpp"
#include "gateway/rollout/history.hpp"
#include "gateway/rollout/messages.hpp"
#include "gateway/runtime/boot_clock.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/status/report_view.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

// A configuration as it was given, and what it says.
struct Configuration {
    rollout::History::Text given;
    settings::Settings settings;
};

// Which configuration the gateway runs, and which one is next. Outlives the App that runs one, and
// is asked by the App of the other one; the two never live at once. On the reactor, but for what is
// said to be between two reactors; what blocks runs on a thread of its own.
class Reconfiguration {
  public:
    using Shared = std::shared_ptr<const Configuration>;

    struct Beginning {
        std::string file;  // the configuration file, with an absolute path
        Shared configuration;
        rollout::History history;
    };

    // Boot clock and log outlive it.
    Reconfiguration(Beginning beginning, const runtime::BootClock& boot, observe::Log& log);

    // --- between two reactors ---

    const Configuration& running() const { return *running_; }

    // What buffer and pipeline are made of: see kept_through_trial().
    settings::Settings kept() const;

    // Everything that readings need is open. Of the first one that a process runs this is
    // remembered: it is what a looser one is compared with, and good if it was not before.
    void has_opened();

    // Waits for what an App that gave up waiting has left under way. Whoever asked for it is still
    // there: its reactor must not be destroyed before.
    void finish_work();

    // The App has ended, or could not open, for `why`. True when another configuration is to run:
    // the one that was ordered or, where that one could not open, the good one.
    bool goes_on(bool could_open, const std::string& why);

    // --- for the App ---

    // Calls `on_order` whenever another configuration is to run; nothing: nobody follows.
    void on_order(std::function<void()> on_order) { on_order_ = std::move(on_order); }
    const Shared& next() const { return next_; }
    // The next one needs another buffer than the running one, even where they do not differ.
    bool needs_other_buffer() const { return needs_other_buffer_; }

    // The running configuration is at work: from here on a trial's time counts.
    void has_started(const observe::Report& report);
    // The next one runs now, in the same App.
    void has_exchanged(const observe::Report& report);

    // Until it is cancelled: ends a trial whose time is over, and says how things stand.
    boost::asio::awaitable<void> watch(const status::ReportView& view, observe::Problems& problems);

    // --- for the commands ---

    using Answer = model::Result<std::uint32_t, rollout::Refusal>;  // the version's number

    rollout::State state(const observe::Report& report) const;
    boost::asio::awaitable<Answer> apply(rollout::ApplyRequest request, observe::Report before);
    boost::asio::awaitable<Answer> confirm(rollout::ConfirmRequest request, observe::Report report);
    // Ends the trial.
    boost::asio::awaitable<Answer> return_to_good();

  private:
    struct Trial {
        std::chrono::seconds lasts{};
        rollout::Health health;
        std::optional<runtime::WallClock::Duration> ends;  // since the boot; once it runs
    };
    class Work;

    std::optional<rollout::Refusal> refusal_of_trial() const;
    model::Result<Shared, rollout::Refusal> prepare(const rollout::ApplyRequest& request) const;
    model::Result<void> store(const rollout::History::Text& given, const rollout::Version& version);
    model::Result<void> make_good();
    boost::system::error_code remember(const Configuration& configuration) const;
    void warn_unless_kept(const boost::system::error_code& failure);
    boost::asio::awaitable<void> fail(std::string reason);
    boost::asio::awaitable<void> look_at_file();
    void order(Shared next, bool needs_other_buffer = false);
    void show(const observe::Report& report, observe::Problems& problems) const;
    std::string reason_of_end(const observe::Report& report) const;
    std::string text_of_file() const;
    void log_failure(const std::string& reason);
    void log(observe::Level level, std::string_view event, const std::string& text);

    const std::string file_;
    const runtime::BootClock& boot_;
    observe::Log& log_;
    rollout::History history_;  // of the thread, while work_ is under way
    rollout::Record record_;    // as the history has it
    Shared good_;
    Shared running_;
    Shared next_;  // null: none is to follow
    bool needs_other_buffer_ = false;
    std::optional<Trial> trial_;
    std::function<void()> on_order_;
    bool is_remembered_ = false;
    bool is_at_work_ = false;
    bool file_is_behind_ = false;
    runtime::WorkerThread thread_{"rollout"};  // last: nothing of it is used when it ends
};

}  // namespace gateway
