#pragma once
#include "gateway/decode/json_members.hpp"
#include "gateway/decode/json_selector.hpp"

#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace gateway::decode {

// How one LoRaWAN gateway received an uplink.
struct LorawanReception {
    std::optional<model::Decimal> rssi;  // dBm
    std::optional<model::Decimal> snr;   // dB
    std::optional<model::Instant> time;
};

// The receptions of an uplink, an array in the network server's message.
class LorawanReceptions {
  public:
    // What the members are called; where several names stand, the first that is present counts.
    struct Names {
        std::string_view array;
        std::initializer_list<std::string_view> rssi;
        std::initializer_list<std::string_view> snr;
        std::initializer_list<std::string_view> time;
    };
    LorawanReceptions(JsonSelector& selector, const Names& names);

    // The one with the highest RSSI, with the time of another if it has none of its own.
    LorawanReception best(const JsonSelector& message, JsonMembers& members) const;

  private:
    std::vector<JsonSelector::Slot> rssi_;
    std::vector<JsonSelector::Slot> snr_;
    std::vector<JsonSelector::Slot> time_;
};

}  // namespace gateway::decode
