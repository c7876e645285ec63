#include "drivers/serial/mark_trail.hpp"

#include <algorithm>
#include <iterator>

namespace drivers::serial {

namespace {

constexpr std::int64_t kMarks = 65'535;  // 1 to 65535: 0 is no packet

// The sequence nearest to `next` that has this mark; below 1 where there is none.
std::int64_t sequence_of(std::uint16_t mark, std::uint32_t next) {
    std::int64_t distance = std::int64_t{mark} - MarkTrail::mark_of(next);
    if (distance > kMarks / 2) distance -= kMarks;
    if (distance < -kMarks / 2) distance += kMarks;
    return std::int64_t{next} + distance;
}

}  // namespace

MarkTrail::MarkTrail(std::span<const std::uint16_t> held, std::uint32_t next) {
    for (const std::uint16_t mark : held) {
        const std::int64_t sequence = sequence_of(mark, next);
        if (sequence >= 1 && sequence <= UINT32_MAX)
            held_.insert(static_cast<std::uint32_t>(sequence));
    }
}

std::uint32_t MarkTrail::first_new(std::uint32_t next) const {
    if (held_.empty()) return next;
    std::uint32_t sequence = std::max(next, *held_.begin());
    while (held_.contains(sequence)) ++sequence;
    return sequence;
}

std::vector<std::uint16_t> MarkTrail::take_spare(std::uint32_t concluded) {
    std::vector<std::uint16_t> spare;
    if (held_.size() <= kHeldMax) return spare;
    const auto end = held_.lower_bound(concluded);
    if (end == held_.begin()) return spare;
    const auto newest = std::prev(end);
    std::transform(held_.begin(), newest, std::back_inserter(spare), mark_of);
    held_.erase(held_.begin(), newest);
    return spare;
}

std::uint16_t MarkTrail::mark_of(std::uint32_t sequence) {
    return static_cast<std::uint16_t>((std::int64_t{sequence} + kMarks - 1) % kMarks + 1);
}

std::string MarkTrail::session_of(std::string_view node, std::uint32_t incarnation) {
    // Of an MQTT device the name has one zero byte.
    std::string session{"serial"};
    session += '\0';
    session += node;
    session += '\0';
    session += std::to_string(incarnation);
    return session;
}

}  // namespace drivers::serial
