#include "drivers/serial/receiver.hpp"

namespace drivers::serial {

Receiver::Arrival Receiver::arrive(std::uint32_t sequence) {
    if (sequence < expected_) return Arrival::repeated;
    if (sequence > expected_) {
        // A burst counts up; what does not was sent after the node went back, in vain.
        const bool is_told = sequence > behind_gap_ && behind_gap_ != 0;
        behind_gap_ = sequence;
        return is_told ? Arrival::behind : Arrival::missing;
    }
    ++expected_;
    behind_gap_ = 0;
    return Arrival::taken;
}

bool Receiver::awaits(std::uint32_t sequence, std::uint32_t generation) const {
    return generation == generation_ && sequence >= concluded_ && sequence < expected_;
}

void Receiver::conclude(std::uint32_t sequence) {
    concluded_ = sequence + 1;
}

void Receiver::take_back(std::uint32_t sequence) {
    expected_ = sequence;
    ++generation_;
}

void Receiver::skip_to(std::uint32_t sequence) {
    if (sequence > concluded_) concluded_ = sequence;
    if (sequence > expected_) expected_ = sequence;
}

}  // namespace drivers::serial
