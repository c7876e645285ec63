#pragma once
// What the decoders of JSON need of simdjson's on-demand parser, which checks only what it is asked
// for: here every value is asked for. Only .cpp files include this.
#include "gateway/decode/json_number.hpp"
#include "gateway/decode/json_scalar.hpp"

#include <simdjson.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace gateway::decode {

inline bool is_json_whitespace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Reads a number, whose token reaches to the next one and so may end in white space.
inline bool read_number(simdjson::ondemand::value& value, JsonScalar& into) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() && is_json_whitespace(token.back())) token.remove_suffix(1);
    into = {JsonScalar::Kind::number, false, token};
    return is_json_number(token);
}

// Reads a value; of an object or array only the kind, its content is still to be walked. False if
// it is not valid JSON.
inline bool read_scalar(simdjson::ondemand::value& value, JsonScalar& into) {
    simdjson::ondemand::json_type type{};
    if (value.type().get(type)) return false;
    bool is_null = false;
    switch (type) {
        case simdjson::ondemand::json_type::string:
            into.kind = JsonScalar::Kind::text;
            return !value.get_string().get(into.text);
        case simdjson::ondemand::json_type::number:
            return read_number(value, into);
        case simdjson::ondemand::json_type::boolean:
            into.kind = JsonScalar::Kind::boolean;
            return !value.get_bool().get(into.boolean);
        case simdjson::ondemand::json_type::null:
            into.kind = JsonScalar::Kind::null;
            return !value.is_null().get(is_null) && is_null;
        case simdjson::ondemand::json_type::object:
            into.kind = JsonScalar::Kind::object;
            return true;
        case simdjson::ondemand::json_type::array:
            into.kind = JsonScalar::Kind::array;
            return true;
    }
    return false;
}

// Calls visit(name, value) for each member of an object. False as soon as that returns false, or
// where the text is not valid JSON.
template <class Visit>
bool for_each_member(simdjson::ondemand::value& value, Visit visit) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object)) return false;
    for (auto result : object) {
        if (result.error()) return false;
        auto&& member = std::move(result).value_unsafe();
        std::string_view name;
        if (member.unescaped_key().get(name) || !visit(name, member.value())) return false;
    }
    return true;
}

// Calls visit(index, value) for each element of an array, in the same way.
template <class Visit>
bool for_each_element(simdjson::ondemand::value& value, Visit visit) {
    simdjson::ondemand::array array;
    if (value.get_array().get(array)) return false;
    std::size_t index = 0;
    for (auto result : array) {
        if (result.error()) return false;
        simdjson::ondemand::value element = result.value_unsafe();
        if (!visit(index++, element)) return false;
    }
    return true;
}

}  // namespace gateway::decode
