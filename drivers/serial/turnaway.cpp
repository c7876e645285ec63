#include "drivers/serial/turnaway.hpp"

#include <string_view>

namespace drivers::serial {

namespace {

constexpr std::array<std::string_view, kTurnawayCount> kNames = {
    "version",
    "bad-hello",
    "address-in-use",
    "not-listed",
    "full",
    "unknown-type",
    "unexpected",
    "babble"};

}  // namespace

std::map<std::string, std::uint64_t> Turnaways::by_cause(const FrameReader::Dropped& dropped
) const {
    std::map<std::string, std::uint64_t> causes;
    const auto add = [&](std::string_view name, std::uint64_t count) {
        if (count > 0) causes.emplace(name, count);
    };
    for (std::size_t i = 0; i < kTurnawayCount; ++i) add(kNames[i], counts_[i]);
    add("noise", dropped.noise);
    add("bad-checksum", dropped.bad_crc);
    add("too-long", dropped.too_long);
    return causes;
}

}  // namespace drivers::serial
