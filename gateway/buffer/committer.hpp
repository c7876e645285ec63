#pragma once
#include "gateway/buffer/figures.hpp"
#include "gateway/buffer/flash_pace.hpp"
#include "gateway/buffer/group.hpp"
#include "gateway/buffer/session_book.hpp"
#include "gateway/buffer/step_book.hpp"
#include "gateway/buffer/store_thread.hpp"
#include "gateway/buffer/token_vault.hpp"
#include "gateway/buffer/verdicts.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/task_group.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace gateway::buffer {

struct CommitterSettings {
    std::vector<SteppedDataset> datasets;
    std::uint64_t next_device = 1;
    std::optional<std::chrono::milliseconds> linger{0};  // nothing: by the budget
    std::uint64_t flash_budget_per_day = 0;
    std::vector<StoredMark> session_marks;
    std::vector<StoredSteps> steps;
    std::vector<VaultToken> tokens;
};

// Group commit: while one group is written the next one fills. Groups are numbered from 1; the
// ticket that a reading's sender waits with is the group's number and the reading's priority, since
// of a group that finds no room the higher priorities may be stored alone. On the reactor.
class Committer {
  public:
    static constexpr std::chrono::milliseconds kRefusalsLinger{1000};

    Committer(
        boost::asio::any_io_executor reactor,
        StoreThread& store,
        const runtime::WallClock& clock,
        CommitterSettings settings
    );

    // See Outbox.
    model::Decoded<std::uint64_t> append(
        std::size_t dataset,
        std::span<const model::PublicReading> readings,
        const std::optional<SessionMark>& mark,
        std::chrono::milliseconds patience
    );
    model::Decoded<void> claim_step(std::size_t dataset, const model::PublicReading& reading) {
        return steps_.claim(dataset, reading);
    }
    TokenVault& tokens() { return tokens_; }
    void forget_idle_steps() { steps_.forget_idle(clock_.now()); }
    std::optional<std::uint64_t> ticket_of(const SessionMark& mark) const;
    std::vector<std::uint16_t> held(const SessionId& session);
    model::Decoded<std::uint64_t> release(const SessionMark& mark);
    model::Decoded<std::uint64_t> forget(const SessionId& session);
    void forget_idle_sessions();
    boost::asio::awaitable<model::Decoded<void>> committed(std::uint64_t ticket);
    std::optional<model::Decoded<void>> committed_already(std::uint64_t ticket) const;
    void count_refused(model::Refusal cause, std::uint64_t readings);

    bool closing() const { return closing_; }
    const CommitFigures& figures() const { return figures_; }
    std::uint64_t device_base() const { return builder_.device_base(); }
    // See GroupBuilder.
    std::uint64_t begin_device_generation() { return builder_.begin_device_generation(); }
    // Answers when everything appended so far is stored or refused.
    boost::asio::awaitable<void> catch_up();

    // Takes nothing more; answers when everything appended is committed.
    boost::asio::awaitable<void> close();

  private:
    using Verdict = model::Decoded<void>;
    using Waiter =
        boost::asio::async_result<boost::asio::use_awaitable_t<>, void(Verdict)>::handler_type;
    struct Settled;
    template <class T>
    using ByPriority = std::array<T, settings::kPriorityCount>;
    struct Ticket {
        std::uint64_t group = 0;
        std::size_t priority = 0;

        explicit Ticket(std::uint64_t number)
            : group(number / settings::kPriorityCount),
              priority(number % settings::kPriorityCount) {}
        Ticket(std::uint64_t group_, settings::Priority of)
            : group(group_), priority(static_cast<std::size_t>(of)) {}
        std::uint64_t number() const { return group * settings::kPriorityCount + priority; }
    };

    static constexpr std::size_t kResumedAtOnceMax = 256;  // keeps the reactor responsive

    model::Decoded<void> able() const;
    model::Decoded<std::uint64_t> try_append(
        std::size_t dataset,
        std::span<const model::PublicReading> readings,
        const std::optional<SessionMark>& mark,
        std::chrono::milliseconds patience
    );
    model::Decoded<std::uint64_t> change(const SessionChange& change);
    // Of everything of the priority appended so far.
    std::uint64_t latest(settings::Priority priority) const;
    void wake();
    boost::asio::awaitable<void> write_groups();
    boost::asio::awaitable<void> linger();
    void end_linger();  // of the open group
    // Somebody waits for the open group and does not want to for longer.
    void note_patience(std::chrono::milliseconds patience);
    void note_written(const Group& group, std::chrono::steady_clock::time_point begun);
    std::uint64_t close_group();  // the next one opens
    void settle(std::uint64_t group, Store::Written written, const Verdict& otherwise);
    Verdict verdict_on(Ticket ticket) const;  // of a group that is settled
    void add_waiter(Ticket ticket, Waiter waiter);
    void resume(std::vector<Waiter> waiters, const Verdict& verdict);
    static void resume_some(
        const boost::asio::any_io_executor& reactor, const std::shared_ptr<Settled>& settled
    );

    boost::asio::any_io_executor reactor_;
    StoreThread& store_;
    const runtime::WallClock& clock_;
    std::chrono::milliseconds linger_;
    std::optional<FlashPace> pace_;  // of the automatic linger
    std::uint64_t bytes_paced_ = 0;
    CommitFigures figures_;
    GroupBuilder builder_;
    SessionBook sessions_;
    StepBook steps_;
    TokenVault tokens_;
    Group spent_;
    std::uint64_t open_ = 1;     // the group that fills
    std::uint64_t settled_ = 0;  // the last one of which the verdict is known
    bool hurried_ = false;       // the open group waits for company no longer
    // Of who waits for the open group and has the least of it.
    std::chrono::milliseconds patience_ = model::kPatienceMax;
    bool writing_ = false;  // write_groups() runs
    bool closing_ = false;
    ByPriority<Verdicts> verdicts_;
    ByPriority<std::vector<Waiter>> open_waiters_;
    ByPriority<std::vector<Waiter>> writing_waiters_;  // of the group before the open one
    boost::asio::steady_timer linger_timer_;
    boost::asio::steady_timer refusals_timer_;
    bool refusals_armed_ = false;
    boost::asio::steady_timer idle_;
    runtime::TaskGroup tasks_;
};

}  // namespace gateway::buffer
