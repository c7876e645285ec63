#include "gateway/buffer/committer.hpp"

#include "gateway/model/message.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <memory>
#include <utility>

namespace gateway::buffer {

namespace asio = boost::asio;
using model::Fault;
using model::Refusal;
using model::translatable;

namespace {

constexpr std::size_t kLingerReadingsMax = GroupBuilder::kGroupReadingsMax / 4;

Fault store_failed() {
    return Fault{Refusal::store_failed, translatable("the store failed")};
}

Fault too_many_changes() {
    return Fault{
        Refusal::overloaded, translatable("too many changes of sessions wait for their commit")};
}

std::vector<settings::Priority> priorities_of(const std::vector<SteppedDataset>& datasets) {
    std::vector<settings::Priority> priorities;
    priorities.reserve(datasets.size());
    for (const SteppedDataset& dataset : datasets) priorities.push_back(dataset.priority);
    return priorities;
}

// Writes one group and hands its memory back.
struct GroupWriting {
    struct Done {
        Store::Written written = Store::Written::full;
        Group group;
    };
    Group group;

    model::Result<Done> operator()(Store& store) {
        const auto written = store.write(group);
        if (!written) return written.error();
        return Done{*written, std::move(group)};
    }
};

}  // namespace

struct Committer::Settled {
    std::vector<Waiter> waiters;
    Verdict verdict;
    std::size_t resumed = 0;
};

Committer::Committer(
    asio::any_io_executor reactor,
    StoreThread& store,
    const runtime::WallClock& clock,
    CommitterSettings settings
)
    : reactor_(reactor),
      store_(store),
      clock_(clock),
      linger_(settings.linger.value_or(std::chrono::milliseconds{0})),
      builder_(priorities_of(settings.datasets), settings.next_device),
      sessions_(settings.session_marks, clock.stamp()),
      steps_(std::move(settings.datasets), settings.steps),
      tokens_(settings.tokens),
      linger_timer_(reactor),
      refusals_timer_(reactor),
      idle_(reactor, asio::steady_timer::time_point::max()),
      tasks_(reactor, [this](const std::exception_ptr&) { store_.fail(Errc::failed); }) {
    if (!settings.linger)
        pace_.emplace(settings.flash_budget_per_day, std::chrono::steady_clock::now());
}

model::Decoded<void> Committer::able() const {
    if (closing_) return Fault{Refusal::stopping, translatable("the gateway is stopping")};
    if (!store_.able()) return store_failed();
    return {};
}

// The steps that the readings claimed are theirs when they have a place in the group.
model::Decoded<std::uint64_t> Committer::append(
    std::size_t dataset,
    std::span<const model::PublicReading> readings,
    const std::optional<SessionMark>& mark,
    std::chrono::milliseconds patience
) {
    auto ticket = try_append(dataset, readings, mark, patience);
    if (ticket) {
        builder_.add(steps_.take_claims());
        builder_.add(tokens_.take_new());
    } else {
        steps_.drop_claims();
    }
    return ticket;
}

model::Decoded<std::uint64_t> Committer::try_append(
    std::size_t dataset,
    std::span<const model::PublicReading> readings,
    const std::optional<SessionMark>& mark,
    std::chrono::milliseconds patience
) {
    if (const auto ready = able(); !ready) return ready.error();
    note_patience(patience);
    const auto priority = builder_.priority_of(dataset);
    if (readings.empty() && !mark) return latest(priority);
    if (mark) {
        if (const auto admitted = sessions_.admit(*mark); !admitted) return admitted.error();
        if (!builder_.has_room_for_change()) return too_many_changes();
    }
    if (!builder_.add(dataset, readings)) {
        return Fault{Refusal::overloaded, translatable("too many readings wait for their commit")};
    }
    const std::uint64_t ticket = Ticket(open_, priority).number();
    if (mark) {
        builder_.add(SessionChange{SessionChange::Kind::mark, *mark, priority});
        sessions_.expect(*mark, ticket, clock_.stamp());
    }
    const bool is_alarm = priority == settings::Priority::alarm;
    if (is_alarm || builder_.readings() >= kLingerReadingsMax) end_linger();
    wake();
    return ticket;
}

std::uint64_t Committer::latest(settings::Priority priority) const {
    return Ticket(builder_.awaited() ? open_ : open_ - 1, priority).number();
}

std::optional<std::uint64_t> Committer::ticket_of(const SessionMark& mark) const {
    return sessions_.ticket_of(mark);
}

std::vector<std::uint16_t> Committer::held(const SessionId& session) {
    return sessions_.held(session, clock_.stamp());
}

model::Decoded<std::uint64_t> Committer::release(const SessionMark& mark) {
    if (!sessions_.ticket_of(mark)) return latest(settings::Priority::alarm);
    return change(SessionChange{SessionChange::Kind::release, mark});
}

model::Decoded<std::uint64_t> Committer::forget(const SessionId& session) {
    if (!sessions_.knows(session)) return latest(settings::Priority::alarm);
    return change(SessionChange{SessionChange::Kind::forget, SessionMark{session, 0}});
}

// Without waiting: what does not fit the group goes the next time.
void Committer::forget_idle_sessions() {
    for (const SessionId& session : sessions_.idle(clock_.stamp())) {
        if (!forget(session)) return;
    }
}

model::Decoded<std::uint64_t> Committer::change(const SessionChange& change) {
    if (const auto ready = able(); !ready) return ready.error();
    if (!builder_.has_room_for_change()) return too_many_changes();
    note_patience({});
    builder_.add(change);
    wake();
    return Ticket(open_, change.priority).number();
}

void Committer::end_linger() {
    hurried_ = true;
    linger_timer_.cancel();
}

void Committer::note_patience(std::chrono::milliseconds patience) {
    if (patience >= patience_) return;
    patience_ = patience;
    linger_timer_.cancel();
}

void Committer::count_refused(Refusal cause, std::uint64_t readings) {
    builder_.count_refused(cause, readings);
    if (writing_ || refusals_armed_ || closing_ || !store_.able()) return;
    refusals_armed_ = true;
    refusals_timer_.expires_after(kRefusalsLinger);
    refusals_timer_.async_wait([this](const boost::system::error_code& stopped) {
        if (stopped) return;
        refusals_armed_ = false;
        note_patience({});
        if (!builder_.empty()) wake();
    });
}

void Committer::wake() {
    if (std::exchange(writing_, true)) return;
    // Not at once: what is ready on the reactor joins the group.
    asio::post(reactor_, [this] { tasks_.spawn(write_groups()); });
}

asio::awaitable<void> Committer::linger() {
    using std::chrono::steady_clock;
    const auto begun = steady_clock::now();
    if (pace_) linger_ = pace_->linger(begun);
    const auto until = [&] { return begun + std::max(linger_, patience_); };
    while (!hurried_ && !closing_ && steady_clock::now() < until()) {
        boost::system::error_code cut_short;
        linger_timer_.expires_at(until());
        co_await linger_timer_.async_wait(asio::redirect_error(asio::use_awaitable, cut_short));
    }
}

asio::awaitable<void> Committer::write_groups() {
    while (!builder_.empty()) {
        co_await linger();
        const std::uint64_t number = close_group();
        GroupWriting work{builder_.take(std::move(spent_), clock_.stamp())};
        const auto begun = std::chrono::steady_clock::now();
        auto done = co_await store_.call(std::move(work));
        if (!done) {
            settle(number, Store::Written::full, store_failed());
            break;
        }
        note_written(done->group, begun);
        sessions_.settle(done->group.session_changes, done->written, clock_.stamp());
        steps_.settle(done->group.step_claims, done->written);
        settle(
            number, done->written, Fault{Refusal::buffer_full, translatable("the buffer is full")}
        );
        if (done->written == Store::Written::full) {
            builder_.keep_rest_of(done->group);
            // Refusals alone are not worth another try at once: they would try for ever.
            if (!builder_.awaited()) break;
        }
        spent_ = std::move(done->group);
    }
    writing_ = false;
    if (!store_.able()) settle(close_group(), Store::Written::full, store_failed());
    idle_.cancel();
}

void Committer::note_written(const Group& group, std::chrono::steady_clock::time_point begun) {
    const auto now = std::chrono::steady_clock::now();
    figures_.seconds.note(now - begun);
    figures_.readings.note(static_cast<double>(group.readings()));
    if (!pace_) return;
    // Everything that the store wrote, also for others: cursors, checkpoints.
    const std::uint64_t bytes = store_.state().figures.bytes_written;
    pace_->note_written(bytes - bytes_paced_, now);
    bytes_paced_ = bytes;
}

std::uint64_t Committer::close_group() {
    writing_waiters_ = std::exchange(open_waiters_, {});
    hurried_ = false;
    patience_ = model::kPatienceMax;
    return open_++;
}

void Committer::settle(std::uint64_t group, Store::Written written, const Verdict& otherwise) {
    settled_ = group;
    for (std::size_t i = 0; i < settings::kPriorityCount; ++i) {
        const bool stored = is_stored(static_cast<settings::Priority>(i), written);
        if (!stored) verdicts_[i].note_failed(group, otherwise.error());
        resume(std::exchange(writing_waiters_[i], {}), stored ? Verdict{} : otherwise);
    }
}

asio::awaitable<Committer::Verdict> Committer::committed(std::uint64_t number) {
    const Ticket ticket(number);
    if (ticket.group <= settled_) co_return verdict_on(ticket);
    auto wait = [this, ticket](Waiter waiter) { add_waiter(ticket, std::move(waiter)); };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Verdict)>(
        wait, asio::use_awaitable
    );
}

std::optional<Committer::Verdict> Committer::committed_already(std::uint64_t number) const {
    const Ticket ticket(number);
    if (ticket.group > settled_) return std::nullopt;
    return verdict_on(ticket);
}

Committer::Verdict Committer::verdict_on(Ticket ticket) const {
    if (const auto why = verdicts_[ticket.priority].failure_of(ticket.group)) return *why;
    return {};
}

void Committer::add_waiter(Ticket ticket, Waiter waiter) {
    if (ticket.group == open_) {
        open_waiters_[ticket.priority].push_back(std::move(waiter));
    } else {
        writing_waiters_[ticket.priority].push_back(std::move(waiter));
    }
}

void Committer::resume(std::vector<Waiter> waiters, const Verdict& verdict) {
    if (waiters.empty()) return;
    auto settled = std::make_shared<Settled>(Settled{std::move(waiters), verdict});
    asio::post(reactor_, [reactor = reactor_, settled] { resume_some(reactor, settled); });
}

void Committer::resume_some(
    const asio::any_io_executor& reactor, const std::shared_ptr<Settled>& settled
) {
    auto& waiters = settled->waiters;
    const std::size_t end = std::min(waiters.size(), settled->resumed + kResumedAtOnceMax);
    while (settled->resumed < end) {
        Waiter waiter = std::move(waiters[settled->resumed++]);
        waiter(settled->verdict);
    }
    if (end == waiters.size()) return;
    asio::post(reactor, [reactor, settled] { resume_some(reactor, settled); });
}

asio::awaitable<void> Committer::catch_up() {
    end_linger();
    static_cast<void>(co_await committed(latest(settings::Priority::alarm)));
}

asio::awaitable<void> Committer::close() {
    closing_ = true;
    refusals_timer_.cancel();
    linger_timer_.cancel();
    if (!builder_.empty() && store_.able()) wake();
    while (writing_) {
        boost::system::error_code idle;
        co_await idle_.async_wait(asio::redirect_error(asio::use_awaitable, idle));
    }
}

}  // namespace gateway::buffer
