#include "gateway/forward/forwarder.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace gateway::forward {

namespace asio = boost::asio;

namespace {

constexpr std::uint32_t kJsonReadingBytes = 192;  // a usual reading in the JSON form

// Readings are much longer in JSON than in the columns by which a store estimates them.
std::uint32_t readings_max(const settings::Uplink& uplink) {
    if (uplink.encoding != settings::Encoding::json) return uplink.batch_readings_max;
    const std::uint32_t fitting = uplink.batch_bytes_max / kJsonReadingBytes;
    return std::clamp<std::uint32_t>(fitting, 1, uplink.batch_readings_max);
}

// A dataset that the configuration no longer has is known by its name alone.
settings::Dataset dataset_named(
    const std::string& name, std::span<const settings::Dataset> datasets
) {
    const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const auto& each) {
        return each.name == name;
    });
    if (found != datasets.end()) return *found;
    settings::Dataset former;
    former.name = name;
    return former;
}

}  // namespace

Forwarder::Forwarder(
    Environment environment,
    const settings::Uplink& uplink,
    Terms terms,
    std::unique_ptr<Uplink> destination,
    std::vector<buffer::BatchQueue*> queues
)
    : environment_(std::move(environment)),
      settings_(uplink),
      keys_(terms.keys),
      uplink_(std::move(destination)),
      backoff_(uplink.retry_min, uplink.retry_max, environment_.jitter_seed),
      wake_(environment_.reactor),
      ended_(environment_.reactor) {
    for (auto* queue : queues) {
        const auto dataset = dataset_named(queue->dataset(), terms.datasets);
        auto& contract = contracts_.emplace_back(std::make_unique<Contract>(dataset, uplink));
        for (const auto lane : {buffer::Lane::live, buffer::Lane::backlog})
            ways_.push_back({queue, contract.get(), lane, BatchSizer(readings_max(uplink))});
    }
    const auto before = [](const Way& left, const Way& right) {
        return left.queue->priority() > right.queue->priority();
    };
    std::stable_sort(ways_.begin(), ways_.end(), before);
}

Forwarder::~Forwarder() = default;

// The loop runs beside this coroutine, out of the reach of its cancellation.
asio::awaitable<void> Forwarder::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    running_ = true;
    auto on_end = [this](std::exception_ptr failure) {
        failure_ = std::move(failure);
        running_ = false;
        ended_.cancel();
    };
    asio::co_spawn(environment_.reactor, forward_until_stopped(), std::move(on_end));

    boost::system::error_code ignored;
    ended_.expires_at(asio::steady_timer::time_point::max());
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    stopping_ = true;
    wake_.cancel();
    ended_.expires_after(kStopGrace);
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    uplink_->cancel();
    ended_.expires_at(asio::steady_timer::time_point::max());
    if (running_) co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (failure_) std::rethrow_exception(failure_);
}

asio::awaitable<void> Forwarder::forward_until_stopped() {
    while (!ending()) {
        co_await set_backlogs_aside();
        if (ending()) co_return;
        Way* way = next_due();
        if (way == nullptr) {
            co_await rest();
        } else {
            co_await forward_batch(*way);
        }
    }
}

asio::awaitable<void> Forwarder::forward_batch(Way& way) {
    const buffer::BatchLimits limits{way.sizer.limit(), settings_.batch_bytes_max};
    auto opened = co_await way.batches().open(limits);
    store_failed_ = !opened.has_value();
    if (store_failed_) co_return;
    if (way.batches().waiting().held) co_return;
    if (!opened->has_value()) {  // what waited is gone: evicted, or damaged
        wake_.expires_after(settings_.retry_min);
        co_await sleep();
        co_return;
    }
    Cargo cargo;
    cargo.stored = std::make_shared<const buffer::Batch>(std::move(**opened));
    while (!ending() && may_leave(way, *cargo.stored)) {
        const Delivery delivery = co_await deliver(way, cargo);
        note_answer(delivery);
        const Settled settled = co_await settle(way, cargo, delivery);
        if (settled == Settled::yes || way.batches().taken_back()) break;
        ++state_.retries;
    }
}

asio::awaitable<Delivery> Forwarder::deliver(Way& way, Cargo& cargo) {
    auto unsent = co_await shape(way, cargo);
    if (unsent) co_return std::move(*unsent);
    newest_asked_with_ = way.queue->newest();
    const auto begun = std::chrono::steady_clock::now();
    Delivery delivery = co_await uplink_->send(cargo.shaped);
    state_.sending_seconds.note(std::chrono::steady_clock::now() - begun);
    co_return delivery;
}

// Makes of the stored batch what leaves, once, or says why nothing can.
asio::awaitable<std::optional<Delivery>> Forwarder::shape(Way& way, Cargo& cargo) {
    if (!cargo.shaped && !way.contract->changes(*cargo.stored)) cargo.shaped = cargo.stored;
    if (cargo.shaped) co_return std::nullopt;
    Delivery unsent;
    if (const auto prepared = way.contract->prepare(keys_); !prepared) {
        unsent.outcome = Delivery::Outcome::keyless;
        unsent.detail = language::failure_words(prepared.error());
        co_return unsent;
    }
    auto work = [contract = way.contract, stored = cargo.stored] {
        return contract->apply(*stored);
    };
    auto shaped = co_await shaping_.run(std::move(work));
    if (!shaped) {
        unsent.outcome = Delivery::Outcome::unfit;
        co_return unsent;
    }
    cargo.shaped = std::make_shared<const buffer::Batch>(std::move(shaped->batch));
    cargo.fields_withheld = shaped->fields_withheld;
    cargo.erasures_untold = shaped->erasures_untold;
    co_return std::nullopt;
}

asio::awaitable<Forwarder::Settled> Forwarder::settle(
    Way& way, const Cargo& cargo, const Delivery& delivery
) {
    const std::uint32_t readings = cargo.readings();
    switch (delivery.outcome) {
        case Delivery::Outcome::confirmed:
            co_return co_await confirm(way, cargo);
        case Delivery::Outcome::too_large:
            if (readings <= 1) co_return co_await refuse(way, *cargo.stored, "too-large");
            way.sizer.too_large(readings);
            co_return co_await divide(way);
        case Delivery::Outcome::rejected:
            if (readings <= 1)
                co_return co_await refuse(way, *cargo.stored, "rejected: " + delivery.detail);
            way.sizer.rejected(readings);
            co_return co_await divide(way);
        case Delivery::Outcome::unauthorised:
            co_await pause(settings_.retry_max);
            break;
        case Delivery::Outcome::unfit:
            if (readings <= 1) co_return co_await keep_from(way);
            way.sizer.rejected(readings);
            co_return co_await divide(way);
        case Delivery::Outcome::keyless:
        case Delivery::Outcome::unavailable:
            co_await pause(retry_delay(delivery));
            break;
    }
    co_return Settled::no;
}

asio::awaitable<Forwarder::Settled> Forwarder::confirm(Way& way, const Cargo& cargo) {
    const auto confirmed = co_await way.batches().confirm();
    store_failed_ = !confirmed.has_value();
    if (!store_failed_) {
        way.sizer.confirmed(cargo.readings());
        way.buried_in_a_row = 0;
        state_.fields_withheld += cargo.fields_withheld;
        state_.erasures_refused += cargo.erasures_untold;
        ++state_.batches;
        state_.batch_readings.note(cargo.readings());
        state_.last_confirmed = environment_.clock.stamp();
    }
    co_return Settled::yes;
}

asio::awaitable<Forwarder::Settled> Forwarder::divide(Way& way) {
    const auto reopened = co_await way.batches().reopen();
    store_failed_ = !reopened.has_value();
    co_return Settled::yes;
}

// A reading that stands alone and is refused, or gaps and erasures that do.
asio::awaitable<Forwarder::Settled> Forwarder::refuse(
    Way& way, const buffer::Batch& batch, std::string cause
) {
    if (way.buried_in_a_row >= kBuriedInARowMax) {
        enter(UplinkState::Trouble::rejecting);
        way.buried_in_a_row = kBuriedInARowMax - 1;
        co_await pause(settings_.retry_max);
        co_return Settled::no;
    }
    const auto settled = co_await bury(way, std::move(cause));
    if (!store_failed_) tell_buried(batch);
    co_return settled;
}

// A reading that stands alone and cannot be brought under its contract.
asio::awaitable<Forwarder::Settled> Forwarder::keep_from(Way& way) {
    way.is_unfit = way.buried_in_a_row >= kBuriedInARowMax;
    if (way.is_unfit) co_return Settled::yes;
    const auto settled = co_await bury(way, "contract: not of its rule");
    if (!store_failed_) tell_unfit();
    co_return settled;
}

asio::awaitable<Forwarder::Settled> Forwarder::bury(Way& way, std::string cause) {
    const auto buried = co_await way.batches().bury(std::move(cause));
    store_failed_ = !buried.has_value();
    if (!store_failed_) {
        way.sizer.buried();
        ++way.buried_in_a_row;
    }
    co_return Settled::yes;
}

asio::awaitable<void> Forwarder::pause(Backoff::Delay delay) {
    state_.paused_until = environment_.clock.now() + delay;
    wake_.expires_after(delay);
    co_await sleep();
    state_.paused_until.reset();
}

asio::awaitable<void> Forwarder::sleep() {
    if (ending()) co_return;
    boost::system::error_code ignored;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Forwarder::note_answer(const Delivery& delivery) {
    if (delivery.outcome == Delivery::Outcome::unfit) return;  // nobody was asked
    state_.detail = delivery.detail;
    state_.is_clock_suspect = delivery.is_clock_suspect;
    state_.bytes_sent += delivery.bytes_sent;
    switch (delivery.outcome) {
        case Delivery::Outcome::unavailable:
            ++state_.consecutive_failures;
            return enter(UplinkState::Trouble::unreachable);
        case Delivery::Outcome::unauthorised:
            ++state_.consecutive_failures;
            return enter(UplinkState::Trouble::unauthorised);
        case Delivery::Outcome::keyless:
            ++state_.consecutive_failures;
            return enter(UplinkState::Trouble::keyless);
        case Delivery::Outcome::unfit:
            return;
        case Delivery::Outcome::confirmed:
            enter(UplinkState::Trouble::none);
            break;
        case Delivery::Outcome::too_large:
        case Delivery::Outcome::rejected:
            if (state_.trouble != UplinkState::Trouble::rejecting)
                enter(UplinkState::Trouble::none);
            break;
    }
    state_.consecutive_failures = 0;
    backoff_.reset();
}

void Forwarder::enter(UplinkState::Trouble trouble) {
    using Trouble = UplinkState::Trouble;
    const bool connected = trouble == Trouble::none || trouble == Trouble::rejecting;
    if (trouble == state_.trouble && connected == state_.connected) return;
    for (Way& way : ways_) way.came_back = way.came_back || (connected && !state_.connected);
    state_.connected = connected;
    state_.trouble = trouble;
    state_.troubled_since.reset();
    if (trouble != Trouble::none) state_.troubled_since = environment_.clock.stamp();
    switch (trouble) {
        case Trouble::none:
            return tell(
                observe::Level::info,
                "uplink-connected",
                model::translatable("The recipient answers; waiting readings are being sent.")
            );
        case Trouble::unreachable:
            return tell(
                observe::Level::warning,
                "uplink-unreachable",
                model::translatable(
                    "The recipient cannot take readings now; they are kept and sent again."
                )
            );
        case Trouble::unauthorised:
            return tell(
                observe::Level::error,
                "uplink-unauthorised",
                model::translatable(
                    "The recipient refuses the gateway's credentials; readings are kept until it "
                    "accepts them."
                )
            );
        case Trouble::rejecting:
            return tell(
                observe::Level::error,
                "uplink-rejecting",
                model::translatable(
                    "The recipient refuses one reading after another; the others are kept, please "
                    "ask its operator why."
                )
            );
        case Trouble::keyless:
            return tell(
                observe::Level::error,
                "uplink-keyless",
                model::translatable(
                    "The key of the recipient's pseudonyms cannot be read or made; nothing is sent "
                    "and readings are kept until it can."
                )
            );
    }
}

void Forwarder::tell_unfit() {
    tell(
        observe::Level::warning,
        "reading-not-under-contract",
        model::translatable(
            "A reading cannot be brought under the recipient's contract and is not sent; it is "
            "kept with the dead letters."
        )
    );
}

void Forwarder::tell_buried(const buffer::Batch& batch) {
    if (batch.readings.empty() && !batch.erasures.empty()) {
        state_.erasures_refused += batch.erasures.size();
        tell(
            observe::Level::error,
            "erasures-refused",
            model::translatable("The recipient refused to be told of an erasure: tell its operator."
            )
        );
    }
    if (batch.readings.empty() && batch.gaps.empty()) return;
    if (batch.readings.empty()) {
        return tell(
            observe::Level::warning,
            "gaps-refused",
            model::translatable(
                "The recipient refused to be told which readings were lost; the ledger counts them."
            )
        );
    }
    tell(
        observe::Level::warning,
        "reading-buried",
        model::translatable(
            "The recipient refused a reading for good; it is kept with the dead letters."
        )
    );
}

void Forwarder::tell(observe::Level level, const char* event, const char* text) {
    const std::array<observe::Field, 2> fields{
        observe::Field{"uplink", settings_.name},
        observe::Field{"detail", language::tr(state_.detail.c_str())}};
    environment_.log.write(level, event, language::tr(text), fields);
}

}  // namespace gateway::forward
