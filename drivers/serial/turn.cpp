#include "drivers/serial/turn.hpp"

#include <algorithm>

namespace drivers::serial {

Turn::Turn(std::uint8_t address, int baud, std::size_t poll_bytes, Time now)
    : address_(address), is_ended_(false) {
    deadline_ = now + time_on_line(poll_bytes, baud) + kPauseMax;
    latest_ = deadline_ + time_on_line(kTurnBytesMax, baud) + kPauseMax;
}

void Turn::on_bytes(std::size_t count, Time now) {
    bytes_ += count;
    deadline_ = std::min(now + kPauseMax, latest_);
    if (is_babble()) deadline_ = now;
}

void Turn::on_frame(const Frame& frame) {
    if (frame.address != address_) return;
    if (frame.type == FrameType::readings) ++messages_;
    if (frame.type == FrameType::update_ask) is_asking_ = true;
    if (frame.type == FrameType::turn_end) is_ended_ = true;
}

PollSchedule::Turn Turn::outcome() const {
    const bool is_nothing = messages_ == 0 && !is_asking_;
    if (is_babble() || (!is_ended_ && is_nothing)) return PollSchedule::Turn::silent;
    if (is_full()) return PollSchedule::Turn::full;
    if (is_asking_) return PollSchedule::Turn::asking;
    return messages_ > 0 ? PollSchedule::Turn::some : PollSchedule::Turn::empty;
}

}  // namespace drivers::serial
