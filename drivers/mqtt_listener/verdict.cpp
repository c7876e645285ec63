#include "drivers/mqtt_listener/verdict.hpp"

namespace drivers::mqtt_listener {

using gateway::model::Refusal;
using gateway::mqtt_codec::ReasonCode;
using Action = Verdict::Action;

Verdict verdict_of(const gateway::model::Decoded<gateway::ingest::Receipt>& receipt) {
    if (receipt) return {};
    const Refusal cause = receipt.error().cause;
    const std::string_view why = gateway::model::to_string(cause);
    switch (cause) {
        case Refusal::stopping:
            return {Action::disconnect, ReasonCode::server_shutting_down, why};
        case Refusal::store_failed:
            // 0x88 would say it better, but only a CONNACK may (MQTT 5, 3.14.2.1).
            return {Action::disconnect, ReasonCode::implementation_specific_error, why};
        case Refusal::overloaded:
            return {Action::disconnect, ReasonCode::server_busy, why};
        case Refusal::buffer_full:
        case Refusal::too_large:
            return {Action::answer, ReasonCode::quota_exceeded, why};
        case Refusal::not_authorised:
        case Refusal::restricted:
        case Refusal::no_consent:
            return {Action::answer, ReasonCode::not_authorized, why};
        case Refusal::unknown_topic:
            return {Action::answer, ReasonCode::topic_name_invalid, why};
        default:
            return {Action::answer, ReasonCode::payload_format_invalid, why};
    }
}

}  // namespace drivers::mqtt_listener
