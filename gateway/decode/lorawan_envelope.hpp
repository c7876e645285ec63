#pragma once
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/lorawan_payload.hpp"
#include "gateway/decode/lorawan_reception.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace gateway::decode {

// Where a LoRaWAN network server's message tells of an uplink what LorawanUplink holds, whichever
// server it is.
class LorawanEnvelope {
  public:
    // JSON pointers; where several names stand, the first that is present counts.
    using Pointers = std::initializer_list<std::string_view>;
    struct Names {
        Pointers dev_eui;
        Pointers device_name;
        Pointers application;
        Pointers f_port;
        Pointers f_cnt;
        Pointers payload;
        Pointers time;        // by the network's clock
        Pointers later_time;  // where neither that nor a reception has one
        Pointers latitude;
        Pointers longitude;
        LorawanReceptions::Names receptions;
    };
    LorawanEnvelope(JsonSelector& selector, const Names& names);

    // What a message that `selector` has read tells.
    model::Decoded<LorawanUplink> read(const JsonSelector& selector) const;

    bool names_device(JsonSelector::Row message) const;
    // Events of other kinds have neither a port nor bytes of the device.
    bool is_uplink(JsonSelector::Row message) const;

  private:
    using Slots = std::vector<JsonSelector::Slot>;
    static Slots select_all(JsonSelector& selector, Pointers pointers);

    Slots dev_eui_;
    Slots device_name_;
    Slots application_;
    Slots f_port_;
    Slots f_cnt_;
    Slots payload_;
    Slots time_;
    Slots later_time_;
    Slots latitude_;
    Slots longitude_;
    LorawanReceptions receptions_;
};

}  // namespace gateway::decode
