#pragma once
#include "gateway/model/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gateway::model {

// Why a reading (or a whole frame) was not stored. The set is closed: each cause is a counter of
// the ledger, under the name that `to_string` gives, and part of the status contract.
enum class Refusal : std::uint8_t {
    // The bytes are not what the source's format says.
    not_this_format,  // another format altogether, or not even its outermost shape
    truncated,        // ends in the middle of an element
    malformed,        // violates the format's grammar
    bad_checksum,     // a check of the format failed
    wrong_key,        // could not be deciphered or verified
    limit_exceeded,   // nesting, count or length over a named bound
    // The format is right, the content cannot be used.
    missing_field,      // a field that the mapping or the standard requires is absent
    wrong_type,         // a field has another type than required
    not_representable,  // a number with more digits or a larger exponent than a Decimal holds, NaN,
                        // infinity
    not_numeric,        // a text or binary value: readings are numbers
    unknown_quantity,   // the quantity is not in the vocabulary
    wrong_unit,         // the unit does not belong to the quantity
    implausible_value,  // outside the quantity's range
    implausible_time,   // before 2000 or more than a day ahead of the gateway's clock
    // The way in.
    unknown_topic,   // no source takes this topic or path
    unknown_device,  // no device could be told from topic or payload, or it has an impossible name
    too_large,       // the frame is over the source's size bound
    duplicate,       // the same device, quantity, time and value was stored shortly before
    step_taken,      // the dataset keeps one reading a step, and has it
    not_authorised,  // the sender may not publish under this topic, or for this device
    restricted,      // the person had the storing of its readings restricted
    no_consent,      // the dataset asks for a consent that the device has not
    // The gateway cannot take it now; the sender should try again.
    overloaded,    // too many frames are waiting for their commit
    buffer_full,   // the store is at its bound and may not evict
    store_failed,  // the commit failed
    stopping,      // the gateway is going down
    count_         // the number of causes, not a cause
};

inline constexpr std::size_t kRefusalCount = static_cast<std::size_t>(Refusal::count_);

// The cause's name on the status page, in metrics and in `passerelle decode`: "not-this-format".
std::string_view to_string(Refusal cause);

// True when the same frame may be taken later: the sender must keep it and must not get an
// acknowledgement.
constexpr bool is_temporary(Refusal cause) {
    return cause >= Refusal::overloaded;
}

// A refusal with what was wrong, for a person. `detail` is a static, translatable text and never
// contains a byte of the payload: it may be logged.
struct Fault {
    Refusal cause = Refusal::malformed;
    const char* detail = "";
};

template <class T>
using Decoded = Result<T, Fault>;

}  // namespace gateway::model
