#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/refusal.hpp"

#include <string_view>

namespace gateway::decode {

// True if the whole text is a number as RFC 8259 section 6 writes it, however many digits it has.
bool is_json_number(std::string_view text);

// The exact value of a JSON number; not_representable if a Decimal cannot hold it. `text` must be
// a number.
model::Decoded<model::Decimal> exact_number(std::string_view text);

}  // namespace gateway::decode
