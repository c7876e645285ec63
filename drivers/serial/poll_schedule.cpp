#include "drivers/serial/poll_schedule.hpp"

#include <algorithm>

namespace drivers::serial {

PollSchedule::PollSchedule(std::span<const std::uint8_t> addresses, Time now) {
    for (const std::uint8_t address : addresses) places_.push_back({address, now, kIntervalMin});
}

std::uint8_t PollSchedule::next(Time now) const {
    const Place* first = nullptr;
    for (const Place& place : places_) {
        if (place.due_at <= now && (first == nullptr || place.due_at < first->due_at))
            first = &place;
    }
    return first == nullptr ? 0 : first->address;
}

PollSchedule::Time PollSchedule::due_at() const {
    Time first = Time::max();
    for (const Place& place : places_) first = std::min(first, place.due_at);
    return first;
}

void PollSchedule::note(std::uint8_t address, Turn turn, Time now) {
    for (Place& place : places_) {
        if (place.address != address) continue;
        advance(place, turn);
        place.due_at = turn == Turn::full ? now : now + place.interval;
    }
}

void PollSchedule::advance(Place& place, Turn turn) const {
    const bool was_silent = place.is_silent;
    place.is_silent = turn == Turn::silent;
    if (place.is_silent) {
        place.interval = was_silent ? std::min(2 * place.interval, kSilentMax) : kSilentMin;
    } else if (turn == Turn::asking) {
        place.interval = kIntervalMin;
    } else if (turn == Turn::empty && !was_silent) {
        place.interval = std::min(2 * place.interval, kIdleMax);
    } else {
        place.interval = interval();
    }
}

PollSchedule::Duration PollSchedule::interval() const {
    const auto answering = std::count_if(places_.begin(), places_.end(), [](const Place& place) {
        return !place.is_silent;
    });
    return std::clamp<Duration>(
        Duration{1000} * answering / kTurnsPerSecond, kIntervalMin, kIdleMax
    );
}

}  // namespace drivers::serial
