#include "drivers/serial/update_side.hpp"

#include "drivers/update/progress.hpp"
#include "drivers/update/word.hpp"

#include <algorithm>
#include <utility>

namespace drivers::serial {

using gateway::firmware::DeviceState;
using gateway::firmware::Offer;

namespace {

std::optional<gateway::firmware::Device> device_of(const Hello& hello) {
    const bool takes_updates = hello.image_bytes_max > 0 && update::is_word(hello.vendor) &&
                               update::is_word(hello.device_class);
    if (!takes_updates) return std::nullopt;
    gateway::firmware::Device device;
    device.name = hello.node;
    device.vendor = hello.vendor;
    device.device_class = hello.device_class;
    device.firmware = hello.firmware;
    device.settings = hello.settings;
    device.image_bytes_max = hello.image_bytes_max;
    device.is_on_trial = hello.is_on_trial;
    return device;
}

// The place whose turn it is: the first behind `last` that `is_due`, around the end.
template <class Places, class IsDue>
auto next_behind(Places& places, std::uint8_t last, IsDue is_due) {
    const auto found = std::find_if(places.upper_bound(last), places.end(), is_due);
    return found != places.end() ? found : std::find_if(places.begin(), places.end(), is_due);
}

// It is done with what it was offered: whatever is offered then is said again.
bool is_final(DeviceState state) {
    return state == DeviceState::confirmed || state == DeviceState::rolled_back ||
           state == DeviceState::failed;
}

}  // namespace

// --- what nodes say

void UpdateSide::enter(const Hello& hello, const Ticket& who, Time now) {
    Place& place = places_[who.address];
    const bool is_asking = place.is_asking;
    place = {};
    place.is_asking = is_asking;
    place.session = who.session;
    place.device = device_of(hello);
    place.introduced_at = now;
    place.is_introduction_due = place.device.has_value();
}

void UpdateSide::hear_from(std::uint8_t address, Time now) {
    const auto found = places_.find(address);
    if (found == places_.end()) return;
    Place& place = found->second;
    if (!place.device || now - place.introduced_at < kIntroduceAgain) return;
    place.introduced_at = now;
    place.is_introduction_due = true;
}

bool UpdateSide::receive(const Frame& frame) {
    const auto found = places_.find(frame.address);
    if (found == places_.end() || !found->second.device) return false;
    if (frame.type == FrameType::update_ask) return receive_ask(frame, found->second);
    return receive_state(frame, found->second);
}

bool UpdateSide::receive_ask(const Frame& frame, Place& place) {
    const auto ask = parse_update_ask(frame.payload);
    if (!ask || ask->update == 0 || ask->size == 0 || ask->size > kPieceBytesMax) return false;
    place.answered = {ask->update, false};
    place.wanted = {ask->update, frame.sequence, ask->size};
    return true;
}

bool UpdateSide::receive_state(const Frame& frame, Place& place) {
    const auto progress = update::parse_progress(frame.payload);
    if (!progress) return false;
    place.answered.reset();
    if (!is_final(progress->state)) place.answered = {progress->update, progress->is_settings};
    // What it says of itself from now on, until the next HELLO.
    if (progress->state == DeviceState::confirmed && progress->is_settings)
        place.device->settings = progress->update;
    if (progress->state == DeviceState::confirmed && !progress->is_settings)
        place.device->is_on_trial = false;
    place.report = {*progress, frame.payload};
    return true;
}

// --- the depot

std::optional<UpdateSide::Question> UpdateSide::next_question() {
    const auto next = next_behind(places_, asked_last_, [](const auto& entry) {
        const Place& place = entry.second;
        return !place.is_asking && !place.frame &&
               (place.is_introduction_due || place.report || place.wanted);
    });
    if (next == places_.end()) return std::nullopt;
    asked_last_ = next->first;
    next->second.is_asking = true;
    return question_of({next->first, next->second.session}, next->second);
}

UpdateSide::Question UpdateSide::question_of(const Ticket& ticket, Place& place) {
    Question question{ticket, place.device->name, {}};
    if (std::exchange(place.is_introduction_due, false)) {
        question.what = Introduction{*place.device};
    } else if (place.report) {
        question.what = *std::exchange(place.report, std::nullopt);
    } else {
        question.what = *std::exchange(place.wanted, std::nullopt);
    }
    return question;
}

// The place, where the answer still matters.
UpdateSide::Place* UpdateSide::settle(const Ticket& ticket) {
    Place& place = places_[ticket.address];
    place.is_asking = false;
    return place.session == ticket.session ? &place : nullptr;
}

void UpdateSide::offer(const Ticket& ticket, const std::optional<Offer>& offer) {
    Place* place = settle(ticket);
    if (place == nullptr || !offer) return;
    if (place->answered == Answered{offer->update, offer->is_settings}) return;
    say(*place, ticket, FrameType::update_offer, 0, offer->signed_manifest);
}

void UpdateSide::give(const Ticket& ticket, const PieceWanted& wanted, std::string piece) {
    Place* place = settle(ticket);
    if (place == nullptr) return;
    say(*place, ticket, FrameType::update_piece, wanted.offset, std::move(piece));
}

void UpdateSide::withdraw(const Ticket& ticket, std::uint32_t update) {
    Place* place = settle(ticket);
    if (place == nullptr) return;
    place->answered.reset();
    say(*place, ticket, FrameType::update_over, update, {});
}

void UpdateSide::seen(const Ticket& ticket, Report report) {
    Place* place = settle(ticket);
    if (place == nullptr) return;
    const std::uint32_t update = report.progress.update;
    say(*place, ticket, FrameType::update_seen, update, std::move(report.said));
}

void UpdateSide::give_nothing(const Ticket& ticket) {
    static_cast<void>(settle(ticket));
}

// --- what is said

void UpdateSide::say(
    Place& place, const Ticket& to, FrameType type, std::uint32_t sequence, std::string payload
) {
    place.frame = Frame{type, to.address, to.session, sequence, std::move(payload)};
}

std::optional<Frame> UpdateSide::next_frame(Time now) {
    if (!has_frame(now)) return std::nullopt;
    const auto next = next_behind(places_, told_last_, [](const auto& entry) {
        return entry.second.frame.has_value();
    });
    told_last_ = next->first;
    auto frame = std::exchange(next->second.frame, std::nullopt);
    rests_until_ = now + 2 * time_on_line(kContentBytesMin + frame->payload.size() + 2, baud_);
    return frame;
}

UpdateSide::Time UpdateSide::due_at() const {
    const bool is_any = std::any_of(places_.begin(), places_.end(), [](const auto& entry) {
        return entry.second.frame.has_value();
    });
    return is_any ? rests_until_ : Time::max();
}

}  // namespace drivers::serial
