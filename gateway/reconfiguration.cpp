#include "gateway/reconfiguration.hpp"

#include "gateway/kept_through_trial.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/loosening/guard.hpp"
#include "gateway/reconfiguration_check.hpp"
#include "gateway/status/words.hpp"
#include "gateway/sum_source.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <future>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using language::tr;
using rollout::Refusal;

namespace {

constexpr std::chrono::seconds kWatchInterval{1};

Refusal cannot_store(const boost::system::error_code& why) {
    return {
        507,
        "not-stored",
        tr("The configuration cannot be kept: {0}. Nothing was changed. Make room on the disk.",
           {language::failure_words(why)})};
}

std::string who(const rollout::Version& version) {
    if (version.by.empty()) return tr("the configuration file");
    return version.from.empty() ? version.by : version.by + " (" + version.from + ')';
}

}  // namespace

// While it lives the history is the thread's.
class Reconfiguration::Work {
  public:
    explicit Work(Reconfiguration& owner) : owner_(owner) { owner_.is_at_work_ = true; }
    ~Work() {
        owner_.is_at_work_ = false;
        owner_.record_ = owner_.history_.record();
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

  private:
    Reconfiguration& owner_;
};

Reconfiguration::Reconfiguration(
    Beginning beginning, const runtime::BootClock& boot, observe::Log& log
)
    : file_(std::move(beginning.file)),
      boot_(boot),
      log_(log),
      history_(std::move(beginning.history)),
      record_(history_.record()),
      good_(std::move(beginning.configuration)),
      running_(good_),
      file_is_behind_(!record_.passed_over.empty()) {}

settings::Settings Reconfiguration::kept() const {
    auto whole = with_sums(running_->settings);
    return trial_ ? kept_through_trial(std::move(whole), good_->settings) : whole;
}

void Reconfiguration::has_opened() {
    if (std::exchange(is_remembered_, true)) return;
    if (history_.is_lost()) {
        log_.warning(
            "configuration-history-lost",
            tr("The history of configurations below {0} is damaged: it begins anew with what runs "
               "now, and there is nothing older to return to.",
               {good_->settings.gateway.state_directory})
        );
    }
    auto failure = remember(*good_);
    if (!failure) {
        const auto made_good = make_good();
        if (!made_good) failure = made_good.error();
    }
    record_ = history_.record();
    warn_unless_kept(failure);
}

// What a looser one is compared with.
boost::system::error_code Reconfiguration::remember(const Configuration& configuration) const {
    const loosening::Guard guard(configuration.settings);
    return guard.remember({configuration.settings, configuration.given.text, file_});
}

void Reconfiguration::warn_unless_kept(const boost::system::error_code& failure) {
    if (!failure) return;
    log_.warning(
        "configuration-not-kept",
        tr("The configuration cannot be remembered below {0}: {1}. The next one is compared with "
           "an older one.",
           {good_->settings.gateway.state_directory, language::failure_words(failure)})
    );
}

// What runs is in the history as the one in force.
model::Result<void> Reconfiguration::make_good() {
    const auto& good = history_.record().good;
    const std::string digest = rollout::digest_of(good_->given.text);
    if (!good.empty() && good.back().digest == digest) return {};
    rollout::Version version;
    version.note = file_;
    return history_.adopt(good_->given, version);
}

// Twice: an answer leaves the thread by a step of its own (Asio's co_spawn), which is posted when
// the work is over, behind what was posted meanwhile.
void Reconfiguration::finish_work() {
    constexpr int kSteps = 2;
    for (int step = 0; step < kSteps; ++step) {
        std::promise<void> finished;
        asio::post(thread_.executor(), [&] { finished.set_value(); });
        finished.get_future().wait();
    }
}

bool Reconfiguration::goes_on(bool could_open, const std::string& why) {
    if (could_open && next_) {
        running_ = std::exchange(next_, nullptr);
        return true;
    }
    if (could_open || !trial_) return false;
    log_failure(why);
    trial_.reset();
    running_ = good_;
    const auto saved = history_.fail_trial(why, text_of_file());
    record_ = history_.record();
    file_is_behind_ = !record_.passed_over.empty();
    if (!saved) log_.warning("configuration-not-kept", cannot_store(saved.error()).text);
    return true;
}

void Reconfiguration::has_started(const observe::Report& report) {
    if (!trial_ || trial_->ends) return;
    trial_->ends = boot_.since_boot() + trial_->lasts;
    trial_->health.begin(report);
}

void Reconfiguration::has_exchanged(const observe::Report& report) {
    running_ = std::exchange(next_, nullptr);
    has_started(report);
}

asio::awaitable<void> Reconfiguration::watch(
    const status::ReportView& view, observe::Problems& problems
) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        if (file_is_behind_) co_await look_at_file();
        const observe::Report report = view.report();
        show(report, problems);
        const bool is_over = trial_ && trial_->ends && boot_.since_boot() >= *trial_->ends;
        if (is_over && !next_ && !is_at_work_) {
            std::string reason = reason_of_end(report);
            co_await fail(std::move(reason));
        }
        timer.expires_after(kWatchInterval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

std::string Reconfiguration::reason_of_end(const observe::Report& report) const {
    const std::string limit = status::duration_words(trial_->lasts.count());
    const auto findings = trial_->health.findings(report);
    if (findings.empty()) return tr("nobody confirmed it within {0}", {limit});
    return tr("it was not confirmed within {0}: {1}", {limit, rollout::words_of(findings)});
}

// Whether somebody has put into the file what is in force.
asio::awaitable<void> Reconfiguration::look_at_file() {
    auto read = [this] { return text_of_file(); };
    const std::string text = co_await thread_.run(std::move(read));
    file_is_behind_ = text != good_->given.text;
}

void Reconfiguration::show(const observe::Report& report, observe::Problems& problems) const {
    if (trial_ && record_.trial && trial_->ends) {
        const std::string number = std::to_string(record_.trial->number);
        const std::string left = std::to_string(state(report).left_s.value_or(0));
        const auto text =
            tr("Configuration {0} of {1} is on trial and returns by itself in {2} s. To keep it: "
               "passerelle confirm.",
               {number, who(*record_.trial), left});
        problems.raise("configuration-on-trial", text, false);
    } else {
        problems.clear("configuration-on-trial");
    }
    if (record_.failure) {
        const auto& failed = record_.failure->version;
        const auto text =
            tr("Configuration {0} of {1} was given up: {2}. The one before it runs again. Correct "
               "what is wrong and apply it again.",
               {std::to_string(failed.number), who(failed), record_.failure->reason});
        problems.raise("configuration-returned", text, false);
    } else {
        problems.clear("configuration-returned");
    }
    if (!file_is_behind_) return problems.clear("configuration-file");
    const auto text =
        tr("The file {0} does not hold the configuration in force, which runs from the history. "
           "To write it there: passerelle confirm. To run what the file holds: passerelle apply "
           "{0}.",
           {file_});
    problems.raise("configuration-file", text, false);
}

rollout::State Reconfiguration::state(const observe::Report& report) const {
    using std::chrono::seconds;
    rollout::State state;
    state.record = record_;
    state.file = file_;
    state.file_is_behind = file_is_behind_;
    state.is_changing = next_ != nullptr || is_at_work_;
    if (!trial_ || !trial_->ends || next_) return state;
    const auto left = std::chrono::ceil<seconds>(*trial_->ends - boot_.since_boot()).count();
    state.left_s = std::max<std::int64_t>(0, left);
    state.findings = rollout::words_of(trial_->health.findings(report));
    return state;
}

// A second technician is told of the first.
std::optional<Refusal> Reconfiguration::refusal_of_trial() const {
    if (trial_ && record_.trial) {
        const auto& trial = *record_.trial;
        const std::string at =
            trial.at ? model::to_rfc3339(*trial.at) : tr("a time that the box did not know");
        const auto text =
            tr("Configuration {0} of {1} is on trial since {2}. Wait until it is confirmed or "
               "given up, or end it: passerelle rollback.",
               {std::to_string(trial.number), who(trial), at});
        return Refusal{409, "on-trial", text};
    }
    if (next_ || is_at_work_)
        return Refusal{409, "changing", tr("Another configuration is just being put in place.")};
    return std::nullopt;
}

asio::awaitable<Reconfiguration::Answer> Reconfiguration::apply(
    rollout::ApplyRequest request, observe::Report before
) {
    if (auto refusal = refusal_of_trial()) co_return std::move(*refusal);
    const Work work(*this);
    auto prepare = [this, &request] { return this->prepare(request); };
    auto candidate = co_await thread_.run(std::move(prepare));
    if (!candidate) co_return candidate.error();
    rollout::Version version;
    version.by = request.by;
    version.from = request.from;
    version.note = request.note;
    if (before.clock.trusted) version.at = before.clock.now;
    auto begin = [this, &candidate, &version] { return store((*candidate)->given, version); };
    const auto stored = co_await thread_.run(std::move(begin));
    if (!stored) co_return cannot_store(stored.error());
    record_ = history_.record();
    const std::chrono::seconds lasts{request.confirm_within_s};
    trial_.emplace(Trial{lasts, rollout::Health(before, lasts), std::nullopt});
    const std::uint32_t number = record_.trial->number;
    log(observe::Level::info,
        "configuration-applied",
        tr("Configuration {0} of {1} is on trial.", {std::to_string(number), who(version)}));
    order(std::move(*candidate));
    co_return number;
}

// On the thread.
model::Result<Reconfiguration::Shared, Refusal> Reconfiguration::prepare(
    const rollout::ApplyRequest& request
) const {
    auto checked = check_candidate(*good_, request, file_);
    if (!checked) return checked.error();
    return Shared(std::make_shared<const Configuration>(std::move(*checked)));
}

// On the thread. Without a copy of the one in force there would be nothing to return to.
model::Result<void> Reconfiguration::store(
    const rollout::History::Text& given, const rollout::Version& version
) {
    if (auto kept = make_good(); !kept) return kept;
    return history_.begin_trial(given, version);
}

asio::awaitable<Reconfiguration::Answer> Reconfiguration::confirm(
    rollout::ConfirmRequest request, observe::Report report
) {
    if (!trial_) co_return Refusal{409, "no-trial", tr("No configuration is on trial.")};
    if (!trial_->ends || next_ || is_at_work_)
        co_return Refusal{409, "changing", tr("Another configuration is just being put in place.")};
    if (request.number != record_.trial->number)
        co_return Refusal{
            409,
            "other-trial",
            tr("Configuration {0} is on trial now, and is not the one that you mean: see "
               "passerelle "
               "history.",
               {std::to_string(record_.trial->number)})};
    const auto findings = trial_->health.findings(report);
    if (!findings.empty() && !request.anyway) {
        const auto text =
            tr("Not everything works as before: {0}. Wait until it does, or end the trial with "
               "passerelle rollback. If that is how it should be: passerelle confirm --anyway.",
               {rollout::words_of(findings)});
        co_return Refusal{412, "not-healthy", text};
    }
    const Work work(*this);
    auto confirm = [this]() -> model::Result<void> {
        auto confirmed = history_.confirm_trial(text_of_file());
        if (!confirmed) return confirmed;
        warn_unless_kept(remember(*running_));
        return {};
    };
    const auto confirmed = co_await thread_.run(std::move(confirm));
    if (!confirmed) co_return cannot_store(confirmed.error());
    record_ = history_.record();
    file_is_behind_ = !record_.passed_over.empty();
    const bool is_kept_apart = !has_same_buffer(running_->settings, good_->settings);
    good_ = running_;
    trial_.reset();
    log(observe::Level::info,
        "configuration-confirmed",
        tr("The configuration on trial is confirmed."));
    if (is_kept_apart) order(good_, true);  // the buffer gives up what only the former one had
    co_return record_.good.back().number;
}

asio::awaitable<Reconfiguration::Answer> Reconfiguration::return_to_good() {
    if (!trial_) co_return Refusal{409, "no-trial", tr("No configuration is on trial.")};
    if (!trial_->ends || next_ || is_at_work_)
        co_return Refusal{409, "changing", tr("Another configuration is just being put in place.")};
    std::string reason = tr("somebody ended its trial");
    co_await fail(std::move(reason));
    co_return record_.good.empty() ? 0 : record_.good.back().number;
}

asio::awaitable<void> Reconfiguration::fail(std::string reason) {
    const Work work(*this);
    log_failure(reason);
    auto fail = [this, &reason] { return history_.fail_trial(reason, text_of_file()); };
    const auto saved = co_await thread_.run(std::move(fail));
    if (!saved) log_.warning("configuration-not-kept", cannot_store(saved.error()).text);
    record_ = history_.record();
    file_is_behind_ = !record_.passed_over.empty();
    trial_.reset();
    order(good_);
}

void Reconfiguration::log_failure(const std::string& reason) {
    log(observe::Level::error,
        "configuration-failed",
        tr("The configuration on trial is given up: {0}. The one before it runs again.", {reason}));
}

// Of the newest version: the number tells one event from a repetition.
void Reconfiguration::log(observe::Level level, std::string_view event, const std::string& text) {
    const std::string number = std::to_string(record_.number_last);
    const std::array<observe::Field, 1> fields{observe::Field{"number", number}};
    log_.write(level, event, text, fields);
}

void Reconfiguration::order(Shared next, bool needs_other_buffer) {
    next_ = std::move(next);
    needs_other_buffer_ = needs_other_buffer;
    if (on_order_) on_order_();
}

// What cannot be read is not what is in force.
std::string Reconfiguration::text_of_file() const {
    const rollout::DiskFiles files;
    const auto text = files.read(file_);
    return text ? *text : std::string{};
}

}  // namespace gateway
