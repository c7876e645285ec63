#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/settings/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// A text that can be shown and stored as it is: UTF-8 without control characters, 1 to 256 bytes.
bool is_plain_text(std::string_view text);

// The number under a rule for numbers; nothing if the rule lets none pass or this one cannot be
// brought to it.
std::optional<model::Decimal> number_under(const settings::Rule& rule, model::Decimal number);

// What an attribute is hashed as under its pseudonym rule; nothing if it is not of the rule's form,
// or neither a text nor a number.
std::optional<std::string> identity_of(
    const settings::Pseudonym& rule, const model::Attribute& attribute
);

// Appends the value of an attribute as JSON under any rule that needs no key. False, and nothing
// appended, if it must not pass: the rule drops it or cannot be applied to what it holds.
bool append_under(std::string& json, const settings::Rule& rule, const model::Attribute& attribute);

}  // namespace gateway::anonymise
