#pragma once
#include "gateway/ingest/receipt.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/mqtt_codec/reason_code.hpp"

#include <string_view>

namespace drivers::mqtt_listener {

// What a PUBLISH is answered.
struct Verdict {
    enum class Action {
        answer,      // an acknowledgement with the reason; of a failure only in MQTT 5
        disconnect,  // no acknowledgement: the connection ends, and the device sends again
    };
    Action action = Action::answer;
    gateway::mqtt_codec::ReasonCode reason = gateway::mqtt_codec::ReasonCode::success;
    std::string_view why;  // the cause's name, for the Reason String
};

// In MQTT 5 a device is told why its message was not taken; whether it tries again is its decision.
// What only a moment or a restart is needed for ends the connection instead, so that it does.
Verdict verdict_of(const gateway::model::Decoded<gateway::ingest::Receipt>& receipt);

}  // namespace drivers::mqtt_listener
