#include "gateway/model/refusal.hpp"

namespace gateway::model {

std::string_view to_string(Refusal cause) {
    switch (cause) {
        case Refusal::not_this_format:
            return "not-this-format";
        case Refusal::truncated:
            return "truncated";
        case Refusal::malformed:
            return "malformed";
        case Refusal::bad_checksum:
            return "bad-checksum";
        case Refusal::wrong_key:
            return "wrong-key";
        case Refusal::limit_exceeded:
            return "limit-exceeded";
        case Refusal::missing_field:
            return "missing-field";
        case Refusal::wrong_type:
            return "wrong-type";
        case Refusal::not_representable:
            return "not-representable";
        case Refusal::not_numeric:
            return "not-numeric";
        case Refusal::unknown_quantity:
            return "unknown-quantity";
        case Refusal::wrong_unit:
            return "wrong-unit";
        case Refusal::implausible_value:
            return "implausible-value";
        case Refusal::implausible_time:
            return "implausible-time";
        case Refusal::unknown_topic:
            return "unknown-topic";
        case Refusal::unknown_device:
            return "unknown-device";
        case Refusal::too_large:
            return "too-large";
        case Refusal::duplicate:
            return "duplicate";
        case Refusal::step_taken:
            return "step-taken";
        case Refusal::not_authorised:
            return "not-authorised";
        case Refusal::restricted:
            return "restricted";
        case Refusal::no_consent:
            return "no-consent";
        case Refusal::overloaded:
            return "overloaded";
        case Refusal::buffer_full:
            return "buffer-full";
        case Refusal::store_failed:
            return "store-failed";
        case Refusal::stopping:
            return "stopping";
        case Refusal::count_:
            break;
    }
    return "unknown";
}

}  // namespace gateway::model
