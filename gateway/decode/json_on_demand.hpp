#pragma once
// What the decoders of JSON need of simdjson's on-demand parser, which checks only what it is asked
// for: here every value is asked for. Only .cpp files include this.
#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_scalar.hpp"
#include "gateway/model/message.hpp"
#include "gateway/model/refusal.hpp"

#include <simdjson.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace gateway::decode {

inline constexpr std::string_view kJsonWhitespace = " \t\n\r";

inline model::Fault malformed_json() {
    return {model::Refusal::malformed, model::translatable("the text is not valid JSON")};
}

inline model::Decoded<JsonScalar> read_text(simdjson::ondemand::value value) {
    JsonScalar scalar{JsonScalar::Kind::text, false, {}};
    if (value.get_string().get(scalar.text)) return malformed_json();
    return scalar;
}

inline model::Decoded<JsonScalar> read_number(simdjson::ondemand::value value) {
    std::string_view token = value.raw_json_token();
    token = token.substr(0, token.find_last_not_of(kJsonWhitespace) + 1);
    if (!is_json_number(token)) return malformed_json();
    return JsonScalar{JsonScalar::Kind::number, false, token};
}

inline model::Decoded<JsonScalar> read_boolean(simdjson::ondemand::value value) {
    JsonScalar scalar{JsonScalar::Kind::boolean, false, {}};
    if (value.get_bool().get(scalar.boolean)) return malformed_json();
    return scalar;
}

inline model::Decoded<JsonScalar> read_null(simdjson::ondemand::value value) {
    bool is_null = false;
    if (value.is_null().get(is_null) || !is_null) return malformed_json();
    return JsonScalar{JsonScalar::Kind::null, false, {}};
}

// The value as a scalar. Of an object or array only the kind: its content is still to be walked.
inline model::Decoded<JsonScalar> read_scalar(simdjson::ondemand::value value) {
    simdjson::ondemand::json_type type{};
    if (value.type().get(type)) return malformed_json();
    switch (type) {
        case simdjson::ondemand::json_type::string:
            return read_text(value);
        case simdjson::ondemand::json_type::number:
            return read_number(value);
        case simdjson::ondemand::json_type::boolean:
            return read_boolean(value);
        case simdjson::ondemand::json_type::null:
            return read_null(value);
        case simdjson::ondemand::json_type::object:
            return JsonScalar{JsonScalar::Kind::object, false, {}};
        case simdjson::ondemand::json_type::array:
            return JsonScalar{JsonScalar::Kind::array, false, {}};
    }
    return malformed_json();
}

// Calls visit(name, value) for each member of an object, up to the first fault.
template <class Visit>
model::Decoded<void> for_each_member(simdjson::ondemand::value value, Visit visit) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object)) return malformed_json();
    for (auto result : object) {
        simdjson::ondemand::field field;
        std::string_view name;
        if (std::move(result).get(field) || field.unescaped_key().get(name))
            return malformed_json();
        if (auto visited = visit(name, field.value()); !visited) return visited;
    }
    return {};
}

// Calls visit(index, value) for each element of an array, up to the first fault.
template <class Visit>
model::Decoded<void> for_each_element(simdjson::ondemand::value value, Visit visit) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array)) return malformed_json();
    std::size_t index = 0;
    for (auto result : array) {
        simdjson::ondemand::value element;
        if (std::move(result).get(element)) return malformed_json();
        if (auto visited = visit(index++, element); !visited) return visited;
    }
    return {};
}

}  // namespace gateway::decode
