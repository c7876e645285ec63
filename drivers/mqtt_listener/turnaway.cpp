#include "drivers/mqtt_listener/turnaway.hpp"

#include <string_view>

namespace drivers::mqtt_listener {

namespace {

constexpr std::array<std::string_view, kTurnawayCount> kNames = {
    "full",
    "not-introduced",
    "handshake",
    "bad-connect",
    "unauthenticated",
    "busy",
    "client-id",
    "malformed",
    "not-authorised",
    "refused",
    "silent",
    "stalled",
    "taken-over"};

}  // namespace

std::map<std::string, std::uint64_t> Turnaways::by_cause() const {
    std::map<std::string, std::uint64_t> causes;
    for (std::size_t i = 0; i < kTurnawayCount; ++i) {
        if (counts_[i] > 0) causes.emplace(kNames[i], counts_[i]);
    }
    return causes;
}

}  // namespace drivers::mqtt_listener
