#include "drivers/serial/turn.hpp"

#include <algorithm>

namespace drivers::serial {

namespace {

constexpr std::size_t kBitsAByte = 10;  // 8N1

}  // namespace

Turn::Turn(std::uint8_t address, int baud, std::size_t poll_bytes, Time now)
    : address_(address), baud_(baud), is_ended_(false) {
    deadline_ = now + time_of(poll_bytes) + kPauseMax;
    latest_ = deadline_ + time_of(kTurnBytesMax) + kPauseMax;
}

void Turn::on_bytes(std::size_t count, Time now) {
    bytes_ += count;
    deadline_ = std::min(now + kPauseMax, latest_);
    if (is_babble()) deadline_ = now;
}

void Turn::on_frame(const Frame& frame) {
    if (frame.address != address_) return;
    if (frame.type == FrameType::readings) ++messages_;
    if (frame.type == FrameType::turn_end) is_ended_ = true;
}

PollSchedule::Turn Turn::outcome() const {
    if (is_babble() || (!is_ended_ && messages_ == 0)) return PollSchedule::Turn::silent;
    if (messages_ >= kFullTurn) return PollSchedule::Turn::full;
    return messages_ > 0 ? PollSchedule::Turn::some : PollSchedule::Turn::empty;
}

Turn::Duration Turn::time_of(std::size_t bytes) const {
    constexpr std::size_t kMicroseconds = 1'000'000;
    return Duration{bytes * kBitsAByte * kMicroseconds / static_cast<std::size_t>(baud_)};
}

}  // namespace drivers::serial
