#include "gateway/pipeline.hpp"

#include "gateway/anonymise/reading_fields.hpp"
#include "gateway/model/message.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using model::Fault;
using model::Refusal;
using model::translatable;

namespace {

constexpr std::string_view kSessionKey = "sessions";  // a dataset's key has dots in its name

model::Vocabulary vocabulary_of(const settings::Settings& settings) {
    model::Vocabulary vocabulary;
    for (const auto& quantity : settings.quantities) vocabulary.add(quantity);
    return vocabulary;
}

bool is_kept_by_another(Refusal cause) {
    return cause == Refusal::duplicate || cause == Refusal::step_taken;
}

// Whether a refusal is the device's own affair: not when somebody else spoke in its name, nor when
// its person wants nothing of it to be kept.
bool is_of_the_device(Refusal cause) {
    return cause != Refusal::not_authorised && cause != Refusal::unknown_device &&
           cause != Refusal::restricted && cause != Refusal::no_consent;
}

}  // namespace

model::Decoded<std::string> Vault::token(
    std::string_view dataset, const anonymise::Pseudonymiser::Fingerprint& identity
) {
    if (const auto* known = outbox_.find_token(dataset, identity)) return *known;
    if (outbox_.vault_is_full()) {
        return Fault{
            Refusal::limit_exceeded, translatable("the vault of tokens takes no more devices")};
    }
    auto token = anonymise::make_token();
    outbox_.add_token({std::string(dataset), identity, token});
    return token;
}

std::uint64_t Vault::generation() const {
    return outbox_.vault_generation();
}

Pipeline::Pipeline(
    const settings::Settings& settings,
    buffer::Outbox& outbox,
    anonymise::KeySource& keys,
    const runtime::WallClock& clock,
    std::string guard_key
)
    : outbox_(outbox),
      keys_(keys),
      vault_(outbox),
      clock_(clock),
      vocabulary_(vocabulary_of(settings)),
      guard_(std::move(guard_key)),
      devices_(vocabulary_) {
    for (const auto& dataset : settings.datasets) {
        policies_.push_back(std::make_unique<anonymise::Policy>(dataset, keys, vault_));
    }
    for (const auto& source : settings.sources) add_route(source, settings);
}

void Pipeline::add_route(const settings::Source& source, const settings::Settings& settings) {
    Route route;
    route.source = static_cast<model::SourceId>(routes_.size());
    route.name = source.name;
    route.fields = ingest::FrameFields(source.topics);
    const auto dataset = std::find_if(
        settings.datasets.begin(),
        settings.datasets.end(),
        [&](const settings::Dataset& candidate) { return candidate.name == source.dataset; }
    );
    const auto position = dataset - settings.datasets.begin();
    route.payload_bytes_max = source.payload_bytes_max;
    route.format = source.format;
    route.decoder = decode::make_decoder(source.format);
    route.policy = policies_[static_cast<std::size_t>(position)].get();
    route.dataset = static_cast<buffer::DatasetId>(position);
    route.source_name = source.name;
    route.dataset_name = dataset->name;
    const auto time = dataset->fields.find(std::string(anonymise::kTimeField));
    route.is_time_coarse =
        time != dataset->fields.end() && std::holds_alternative<settings::Coarsen>(time->second);
    routes_.push_back(std::move(route));
}

model::SourceId Pipeline::add_source(
    const settings::Source& source, const settings::Settings& settings
) {
    add_route(source, settings);
    return static_cast<model::SourceId>(routes_.size() - 1);
}

model::Result<void> Pipeline::prepare() {
    for (auto& policy : policies_) {
        const auto prepared = policy->prepare(clock_.now());
        if (!prepared) return prepared;
    }
    if (session_hash_) return {};
    const auto key = keys_.key(kSessionKey);
    if (!key) return key.error();
    session_hash_.emplace(*key);
    return {};
}

model::Decoded<ingest::Pending> Pipeline::submit(model::Frame frame) {
    reject_.reset();
    auto taken = take(frame, route(frame.source));
    if (taken) {
        taken->source = frame.source;
        if (taken->is_repetition) taken->mark = std::move(frame.mark);
        ++in_flight_;
    }
    dispose(std::move(frame), taken);
    return taken;
}

// The end of a frame's bytes: the quarantine has them, or nobody. What the sender must send again
// is not kept, it would be there twice.
void Pipeline::dispose(model::Frame frame, const model::Decoded<ingest::Pending>& taken) {
    const bool comes_again = !taken && model::is_temporary(taken.error().cause);
    if (rejects_ != nullptr && reject_ && !comes_again) {
        const std::string& source = route(frame.source).name;
        return rejects_->hold(std::move(frame), source, *reject_);
    }
    for (std::string* text : {&frame.topic, &frame.peer, &frame.payload})
        OPENSSL_cleanse(text->data(), text->size());
}

std::optional<model::Decoded<ingest::Receipt>> Pipeline::settled_already(
    const ingest::Pending& pending
) {
    if (pending.is_repetition) return std::nullopt;
    const auto committed = outbox_.committed_already(static_cast<buffer::Ticket>(pending.ticket));
    if (!committed) return std::nullopt;
    return conclude(pending, *committed);
}

asio::awaitable<model::Decoded<ingest::Receipt>> Pipeline::settled(ingest::Pending pending) {
    const auto ticket = static_cast<buffer::Ticket>(pending.ticket);
    const auto committed = co_await outbox_.committed(ticket);
    const auto receipt = conclude(pending, committed);
    // What keeps the frame out may have been in an earlier commit, which failed.
    if (receipt && pending.is_repetition && pending.forgotten_at != forgotten_) {
        co_await give_back(std::move(pending.mark));
        co_return Fault{
            Refusal::store_failed, translatable("what the frame repeats is not stored")};
    }
    co_return receipt;
}

// Counts what became of a frame.
model::Decoded<ingest::Receipt> Pipeline::conclude(
    const ingest::Pending& pending, const model::Decoded<void>& committed
) {
    Route& way = route(pending.source);
    --in_flight_;
    if (is_followed()) tail_->settled(pending.ticket, !committed.has_error());
    if (!committed) {
        forget_readings();
        return refuse(way, committed.error(), pending.receipt.stored);
    }
    way.figures.stored += pending.receipt.stored;
    undated_ += pending.undated;
    return pending.receipt;
}

// The mark of a frame that must come again.
asio::awaitable<void> Pipeline::give_back(std::optional<model::FrameMark> mark) {
    if (!mark) co_return;
    const auto ticket = outbox_.release(mark_of(*mark));
    if (!ticket) co_return;
    static_cast<void>(co_await outbox_.committed(*ticket));
}

model::Decoded<ingest::Pending> Pipeline::take(const model::Frame& frame, Route& way) {
    ++way.figures.frames;
    way.figures.last_frame = clock_.stamp();
    if (const auto taken_before = repeated(frame, way)) return *taken_before;
    if (const auto admitted = admit(frame, way); !admitted) return refuse(way, admitted.error(), 1);
    if (const auto decoded = way.decoder->decode(frame, *readings_); !decoded)
        return refuse(way, decoded.error(), 1, sender_of(frame, way));

    ingest::Receipt receipt;
    std::optional<Fault> first_fault;
    bool repeated = false;
    public_.clear();
    for (auto& reading : readings_->all()) {
        way.fields.complete(reading, frame, *readings_);
        auto result = publish(reading, frame, way);
        if (result) {
            public_.push_back(*result);
            continue;
        }
        const bool is_its_own = is_of_the_device(result.error().cause);
        const auto name = is_its_own ? name_of(reading, frame, way) : std::string_view{};
        refuse(way, result.error(), 1, name);
        repeated = repeated || is_kept_by_another(result.error().cause);
        ++receipt.refused;
        if (!first_fault) first_fault = result.error();
    }
    // What another reading keeps out is acknowledged once that one is on the disk.
    if (public_.empty() && first_fault && !repeated) return *first_fault;
    auto taken = append(frame, way, receipt);
    if (taken) taken->is_repetition = repeated;
    return taken;
}

// Whether the frame may be decoded.
model::Decoded<void> Pipeline::admit(const model::Frame& frame, Route& way) {
    readings_->clear();
    if (closed_) return Fault{Refusal::stopping, translatable("the gateway is stopping")};
    if (in_flight_ >= kFramesInFlightMax) {
        return Fault{Refusal::overloaded, translatable("too many frames wait for their commit")};
    }
    if (frame.payload.size() > way.payload_bytes_max) {
        return Fault{Refusal::too_large, translatable("the payload is over the source's bound")};
    }
    if (!way.fields.begin(frame)) {
        return Fault{
            Refusal::unknown_topic, translatable("the source takes no such topic or path")};
    }
    if (!way.policy->prepare(clock_.now())) {
        return Fault{
            Refusal::store_failed, translatable("the pseudonym key cannot be read or made")};
    }
    way.has_decoded = has_decoded_ = true;
    return {};
}

// The stored name of the device that sent a frame which nobody can read, if its topic or its sender
// tells.
std::string_view Pipeline::sender_of(const model::Frame& frame, Route& way) {
    model::Reading unread;
    way.fields.complete(unread, frame, *readings_);
    return name_of(unread, frame, way);
}

// The stored name of a device of which a reading was refused; empty where there is none to tell.
std::string_view Pipeline::name_of(
    const model::Reading& reading, const model::Frame& frame, Route& way
) {
    const auto& device = reading.device;
    if (device.empty() || device.size() > ingest::Admission::kDeviceNameMax) return {};
    if (!frame.may_speak_for(device)) return {};
    if (gate_ != nullptr && gate_->refusal(static_cast<std::size_t>(way.dataset), reading))
        return {};
    return way.policy->stored_name(device, *readings_);
}

observe::DeviceTable::Sender Pipeline::sender_in(const Route& way, std::string_view name) {
    return {static_cast<std::size_t>(way.dataset), way.source, name, *way.figures.last_frame};
}

// Decoders, their parsers and the readings keep the memory that they work in. Others begin with
// memory of their own, and what is given back is wiped (wiping_heap.cpp).
void Pipeline::forget_frames() {
    if (!std::exchange(has_decoded_, false)) return;
    for (Route& way : routes_) {
        if (std::exchange(way.has_decoded, false)) way.decoder = decode::make_decoder(way.format);
    }
    public_.clear();
    readings_ = std::make_unique<model::Readings>();
}

model::Decoded<model::PublicReading> Pipeline::publish(
    model::Reading& reading, const model::Frame& frame, Route& way
) {
    if (!frame.may_speak_for(reading.device)) {
        return Fault{
            Refusal::not_authorised,
            translatable("the reading is of another device than its sender")};
    }
    if (gate_ != nullptr) {
        if (const auto refused = gate_->refusal(static_cast<std::size_t>(way.dataset), reading))
            return *refused;
    }
    const auto measurement = admission_.admit(reading, clock_);
    if (!measurement) return measurement.error();
    remove_date(reading);
    const auto print = guard_.print_of(reading, frame.source);
    auto result =
        way.policy->apply({reading, *measurement->quantity, measurement->value}, *readings_);
    if (!result) return result;
    // Last: the guard remembers what will be stored, and nothing that was refused but for what
    // another reading of its step keeps out.
    if (guard_.is_repeated(print)) {
        return Fault{Refusal::duplicate, translatable("the same reading was taken before")};
    }
    if (const auto claimed = outbox_.claim_step(way.dataset, *result); !claimed)
        return claimed.error();
    return result;
}

// A date that we gave by a clock that is not trusted means nothing: the time since the boot is kept
// instead, until the date can be told.
void Pipeline::remove_date(model::Reading& reading) const {
    if (clock_.is_trusted() || reading.time_quality != model::TimeQuality::gateway) return;
    reading.observed_at = clock_.stamp() + (reading.observed_at - clock_.now());
    reading.time_quality = model::TimeQuality::uncertain;
}

model::Decoded<ingest::Pending> Pipeline::append(
    const model::Frame& frame, Route& way, const ingest::Receipt& receipt
) {
    std::optional<buffer::SessionMark> mark;
    if (frame.mark) mark = mark_of(*frame.mark);
    const auto ticket = outbox_.append(way.dataset, public_, mark, frame.patience);
    if (!ticket) {
        forget_readings();
        for (const auto& reading : public_) refuse(way, ticket.error(), 1, reading.device());
        return ticket.error();
    }
    if (is_followed()) tail_->appended(way_of(way), static_cast<std::uint64_t>(*ticket), public_);
    for (const auto& reading : public_) devices_.heard(sender_in(way, reading.device()), reading);
    ingest::Pending taken;
    taken.ticket = static_cast<std::uint64_t>(*ticket);
    taken.receipt = receipt;
    taken.receipt.stored = static_cast<std::uint32_t>(public_.size());
    taken.undated = static_cast<std::uint32_t>(std::count_if(
        public_.begin(),
        public_.end(),
        [](const model::PublicReading& reading) {
            return reading.time_quality() == model::TimeQuality::uncertain;
        }
    ));
    taken.forgotten_at = forgotten_;
    return taken;
}

// Readings that were remembered are not stored: their repetition must be taken.
void Pipeline::forget_readings() {
    guard_.clear();
    ++forgotten_;
}

std::optional<ingest::Pending> Pipeline::repeated(const model::Frame& frame, Route& way) {
    if (!frame.mark) return std::nullopt;
    const auto ticket = outbox_.ticket_of(mark_of(*frame.mark));
    if (!ticket) return std::nullopt;
    refuse(way, Fault{Refusal::duplicate, translatable("the same frame was taken before")}, 1);
    ingest::Pending taken;
    taken.ticket = static_cast<std::uint64_t>(*ticket);
    taken.receipt.refused = 1;
    return taken;
}

void Pipeline::count_refused(model::SourceId source, model::Refusal cause) {
    Route& way = route(source);
    ++way.figures.frames;
    way.figures.last_frame = clock_.stamp();
    refuse(way, Fault{cause}, 1);
}

// `device` is its stored name; empty where it cannot be told.
model::Fault Pipeline::refuse(
    Route& way, model::Fault fault, std::uint64_t readings, std::string_view device
) {
    if (!reject_ && quarantine::is_kept(fault.cause)) reject_ = fault.cause;
    outbox_.count_refused(fault.cause, readings);
    way.figures.refused += readings;
    if (is_followed()) tail_->refused(way_of(way), fault.cause, readings);
    if (device.empty()) {
        way.figures.unnamed[static_cast<std::size_t>(fault.cause)] += readings;
    } else {
        devices_.refused(sender_in(way, device), fault.cause, readings);
    }
    return fault;
}

std::uint64_t Pipeline::fields_dropped() const {
    std::uint64_t dropped = 0;
    for (const auto& policy : policies_) dropped += policy->fields_dropped();
    return dropped;
}

}  // namespace gateway
