#include "gateway/buffer/outbox.hpp"

#include "gateway/buffer/committer.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/store_opening.hpp"
#include "gateway/buffer/store_thread.hpp"
#include "gateway/buffer/stored_queue.hpp"
#include "gateway/buffer/suspicion.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/kept_step.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway::buffer {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::minutes kRetentionInterval{10};
constexpr int kIntervalsPerDeviceGeneration = 36;  // six hours

}  // namespace

class Outbox::Core {
  public:
    Core(std::unique_ptr<Store> store, Environment environment, const settings::Settings& settings);

    StoreThread& store() { return store_; }
    Committer& committer() { return committer_; }
    std::vector<Notice>& notices() { return notices_; }
    BatchQueue& queue(UplinkId uplink, DatasetId dataset);
    std::vector<BatchQueue*> queues(UplinkId uplink);
    std::uint64_t erasures_waiting(UplinkId uplink) const;
    asio::awaitable<void> forget_tokens();
    asio::awaitable<void> close();

  private:
    asio::awaitable<void> maintain();

    const runtime::WallClock& clock_;
    std::vector<std::string> uplinks_;
    std::vector<std::string> datasets_;
    std::vector<QueueName> names_;
    CommitterSettings committing_;
    StoreThread store_;
    Committer committer_;
    std::vector<std::unique_ptr<StoredQueue>> queues_;  // as names_
    std::vector<Notice> notices_;
    std::uint64_t tokens_forgotten_ = 0;
    runtime::TaskGroup tasks_;
};

namespace {

// A dataset that the configuration no longer has is as any other.
settings::Priority priority_of(const std::string& dataset, const settings::Settings& settings) {
    for (const auto& configured : settings.datasets) {
        if (configured.name == dataset) return configured.priority;
    }
    return settings::Priority::normal;
}

CommitterSettings committer_settings(Store& store, const settings::Settings& settings) {
    CommitterSettings made;
    for (const auto& dataset : settings.datasets) {
        made.datasets.push_back({dataset.name, dataset.priority, settings::kept_step(dataset)});
    }
    made.next_device = store.next_device();
    made.linger = settings.buffer.linger;
    made.flash_budget_per_day = settings.buffer.flash_budget_per_day;
    made.session_marks = store.take_session_marks();
    made.steps = store.take_steps();
    made.tokens = store.take_tokens();
    return made;
}

}  // namespace

Outbox::Core::Core(
    std::unique_ptr<Store> store, Environment environment, const settings::Settings& settings
)
    : clock_(environment.clock),
      names_(store->queues().begin(), store->queues().end()),
      committing_(committer_settings(*store, settings)),
      store_(
          environment.reactor,
          environment.storage,
          std::move(store),
          std::move(environment.on_failure)
      ),
      committer_(environment.reactor, store_, clock_, std::move(committing_)),
      tasks_(environment.reactor, [this](const std::exception_ptr&) {
          store_.fail(Errc::failed);
      }) {
    for (const auto& uplink : settings.uplinks) uplinks_.push_back(uplink.name);
    for (const auto& dataset : settings.datasets) datasets_.push_back(dataset.name);
    for (std::size_t i = 0; i < names_.size(); ++i) {
        StoredQueue::Place place{i, names_[i].dataset, priority_of(names_[i].dataset, settings)};
        queues_.push_back(std::make_unique<StoredQueue>(store_, std::move(place), clock_));
    }
    tasks_.spawn(maintain());
}

BatchQueue& Outbox::Core::queue(UplinkId uplink, DatasetId dataset) {
    const QueueName name{
        uplinks_.at(static_cast<std::size_t>(uplink)),
        datasets_.at(static_cast<std::size_t>(dataset))};
    const auto found = std::find(names_.begin(), names_.end(), name);
    return *queues_.at(static_cast<std::size_t>(found - names_.begin()));
}

std::vector<BatchQueue*> Outbox::Core::queues(UplinkId uplink) {
    std::vector<BatchQueue*> found;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (names_[i].uplink == uplinks_.at(static_cast<std::size_t>(uplink)))
            found.push_back(queues_[i].get());
    }
    return found;
}

std::uint64_t Outbox::Core::erasures_waiting(UplinkId uplink) const {
    std::uint64_t waiting = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (names_[i].uplink == uplinks_.at(static_cast<std::size_t>(uplink)))
            waiting += store_.state().queues[i].erasures.all().size();
    }
    return waiting;
}

asio::awaitable<void> Outbox::Core::maintain() {
    asio::steady_timer interval(co_await asio::this_coro::executor);
    for (int count = 1; store_.able(); ++count) {
        committer_.forget_idle_sessions();
        committer_.forget_idle_steps();
        interval.expires_after(kRetentionInterval);
        co_await interval.async_wait(asio::use_awaitable);
        if (count % kIntervalsPerDeviceGeneration == 0) committer_.begin_device_generation();
        auto work = [now = clock_.stamp(), devices = committer_.device_base()](Store& opened) {
            return opened.maintain(now, devices);
        };
        if (const auto done = co_await store_.call(std::move(work)); !done) co_return;
        co_await forget_tokens();
    }
}

// Those of whom an erasure has forgotten get new tokens when they come again.
asio::awaitable<void> Outbox::Core::forget_tokens() {
    const std::uint64_t forgotten = store_.state().tokens_forgotten;
    if (forgotten == tokens_forgotten_) co_return;
    auto take = [](Store& opened) -> model::Result<std::vector<VaultToken>> {
        return opened.take_forgotten_tokens();
    };
    const auto tokens = co_await store_.call(std::move(take));
    if (!tokens) co_return;
    tokens_forgotten_ = forgotten;
    committer_.tokens().forget(*tokens);
}

asio::awaitable<void> Outbox::Core::close() {
    co_await tasks_.close();
    co_await committer_.close();
    co_await store_.close();
}

model::Result<std::unique_ptr<Outbox>> Outbox::open(
    Environment environment, const settings::Settings& settings
) {
    auto opened = open_store(
        settings, environment.clock, {}, environment.on_notice, environment.segment_keys
    );
    if (!opened) return opened.error();
    if (environment.boot) {
        if (auto dated = opened->store->date_boot(*environment.boot); !dated) return dated.error();
    }
    auto report = std::move(environment.on_failure);
    environment.on_failure = [path = settings.buffer.path, report](const auto& error) {
        if (error == Errc::damaged) suspect_store(path);
        if (report) report(error);
    };
    auto outbox = over(std::move(opened->store), std::move(environment), settings);
    outbox->core_->notices() = std::move(opened->notices);
    return outbox;
}

std::unique_ptr<Outbox> Outbox::over(
    std::unique_ptr<Store> store, Environment environment, const settings::Settings& settings
) {
    auto core = std::make_unique<Core>(std::move(store), std::move(environment), settings);
    return std::unique_ptr<Outbox>(new Outbox(std::move(core)));
}

Outbox::Outbox(std::unique_ptr<Core> core) : core_(std::move(core)) {}

Outbox::~Outbox() = default;

model::Decoded<Ticket> Outbox::append(
    DatasetId dataset,
    std::span<const model::PublicReading> readings,
    const std::optional<SessionMark>& mark,
    std::chrono::milliseconds patience
) {
    const auto ticket =
        core_->committer().append(static_cast<std::size_t>(dataset), readings, mark, patience);
    if (!ticket) return ticket.error();
    return Ticket{*ticket};
}

model::Decoded<void> Outbox::claim_step(DatasetId dataset, const model::PublicReading& reading) {
    return core_->committer().claim_step(static_cast<std::size_t>(dataset), reading);
}

const std::string* Outbox::find_token(std::string_view dataset, const IdentityPrint& identity)
    const {
    return core_->committer().tokens().find(dataset, identity);
}

bool Outbox::vault_is_full() const {
    return core_->committer().tokens().is_full();
}

void Outbox::add_token(VaultToken token) {
    core_->committer().tokens().add(std::move(token));
}

std::uint64_t Outbox::vault_generation() const {
    return core_->committer().tokens().generation();
}

asio::awaitable<model::Decoded<void>> Outbox::committed(Ticket ticket) {
    return core_->committer().committed(static_cast<std::uint64_t>(ticket));
}

std::optional<model::Decoded<void>> Outbox::committed_already(Ticket ticket) const {
    return core_->committer().committed_already(static_cast<std::uint64_t>(ticket));
}

void Outbox::count_refused(model::Refusal cause, std::uint64_t readings) {
    core_->committer().count_refused(cause, readings);
}

std::optional<Ticket> Outbox::ticket_of(const SessionMark& mark) const {
    const auto ticket = core_->committer().ticket_of(mark);
    if (!ticket) return std::nullopt;
    return Ticket{*ticket};
}

std::vector<std::uint16_t> Outbox::held(const SessionId& session) {
    return core_->committer().held(session);
}

model::Decoded<Ticket> Outbox::release(const SessionMark& mark) {
    const auto ticket = core_->committer().release(mark);
    if (!ticket) return ticket.error();
    return Ticket{*ticket};
}

model::Decoded<Ticket> Outbox::forget(const SessionId& session) {
    const auto ticket = core_->committer().forget(session);
    if (!ticket) return ticket.error();
    return Ticket{*ticket};
}

BatchQueue& Outbox::queue(UplinkId uplink, DatasetId dataset) {
    return core_->queue(uplink, dataset);
}

std::vector<BatchQueue*> Outbox::queues(UplinkId uplink) {
    return core_->queues(uplink);
}

asio::awaitable<model::Result<void>> Outbox::run(StoreWork work) {
    Committer& committer = core_->committer();
    const std::uint64_t base = committer.begin_device_generation();
    co_await committer.catch_up();
    auto job = [work = std::move(work), base](Store& store) { return work(store, base); };
    auto done = co_await core_->store().call(std::move(job));
    co_await core_->forget_tokens();
    co_return done;
}

std::uint64_t Outbox::erasures_waiting(UplinkId uplink) const {
    return core_->erasures_waiting(uplink);
}

bool Outbox::able_to_store() const {
    return core_->store().able() && !core_->committer().closing();
}

asio::awaitable<model::Result<void>> Outbox::date_boot(BootDate date) {
    auto work = [date = std::move(date)](Store& store) { return store.date_boot(date); };
    co_return co_await core_->store().call(std::move(work));
}

const Ledger& Outbox::ledger() const {
    return core_->store().state().ledger;
}

const StoreFigures& Outbox::figures() const {
    return core_->store().state().figures;
}

const CommitFigures& Outbox::commits() const {
    return core_->committer().figures();
}

const std::vector<Notice>& Outbox::notices() const {
    return core_->notices();
}

asio::awaitable<void> Outbox::close() {
    return core_->close();
}

}  // namespace gateway::buffer
