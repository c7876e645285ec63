#include "gateway/anonymise/attribute_rules.hpp"

#include "gateway/anonymise/canonical_form.hpp"
#include "gateway/anonymise/characters.hpp"
#include "gateway/anonymise/coarsen.hpp"
#include "gateway/anonymise/ip_address.hpp"
#include "gateway/anonymise/text_patterns.hpp"
#include "gateway/model/json_text.hpp"

#include <arpa/inet.h>
#include <simdjson.h>

#include <algorithm>

namespace gateway::anonymise {
namespace {

constexpr std::size_t kTextBytesMax = 256;

void append_position(std::string& json, const model::Position& position) {
    json += "{\"latitude\":";
    model::append_to(json, position.latitude);
    json += ",\"longitude\":";
    model::append_to(json, position.longitude);
    json += '}';
}

struct NumberUnder {
    model::Decimal number;

    std::optional<model::Decimal> operator()(const settings::Keep&) const { return number; }
    std::optional<model::Decimal> operator()(const settings::Round& rule) const {
        return rounded(number, rule.step);
    }
    std::optional<model::Decimal> operator()(const settings::Bin& rule) const {
        return binned(number, rule.edges);
    }
    std::optional<model::Decimal> operator()(const settings::TopCode& rule) const {
        return topcoded(number, rule.min, rule.max);
    }
    template <class Other>
    std::optional<model::Decimal> operator()(const Other&) const {
        return std::nullopt;
    }
};

// 7.0 and 7 are one number, and one identity.
model::Decimal without_zeros(model::Decimal number) {
    for (; number.exponent < 0 && number.mantissa % 10 == 0; ++number.exponent)
        number.mantissa /= 10;
    return number;
}

bool append_kept(std::string& json, const model::Attribute& attribute) {
    if (const auto* text = std::get_if<std::string_view>(&attribute.value)) {
        if (!is_plain_text(*text)) return false;
        model::append_json_string(json, *text);
    }
    if (const auto* number = std::get_if<model::Decimal>(&attribute.value))
        model::append_to(json, *number);
    if (const auto* position = std::get_if<model::Position>(&attribute.value))
        append_position(json, *position);
    if (const auto* flag = std::get_if<bool>(&attribute.value)) json += *flag ? "true" : "false";
    return true;
}

bool append_cell(std::string& json, const settings::Grid& rule, const model::Attribute& attribute) {
    const auto* position = std::get_if<model::Position>(&attribute.value);
    const auto cell = position != nullptr ? grid_cell(*position, rule.metres) : std::nullopt;
    if (cell) append_position(json, *cell);
    return cell.has_value();
}

std::optional<std::string> network_under(const settings::Network& rule, std::string_view text) {
    const auto ascii = ascii_of(text, INET6_ADDRSTRLEN);
    const auto address = ascii ? parse_ip_address(*ascii) : std::nullopt;
    if (!address) return std::nullopt;
    return network_of(*address, rule.v4_bits, rule.v6_bits);
}

bool append_text(std::string& json, const settings::Rule& rule, const model::Attribute& attribute) {
    const auto* text = std::get_if<std::string_view>(&attribute.value);
    if (text == nullptr) return false;
    const auto* network = std::get_if<settings::Network>(&rule);
    const auto result =
        network != nullptr ? network_under(*network, *text) : without_patterns(*text);
    if (result) model::append_json_string(json, *result);
    return result.has_value();
}

}  // namespace

bool is_plain_text(std::string_view text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    return !text.empty() && text.size() <= kTextBytesMax &&
           std::none_of(text.begin(), text.end(), is_control) &&
           simdjson::validate_utf8(text.data(), text.size());
}

std::optional<model::Decimal> number_under(const settings::Rule& rule, model::Decimal number) {
    return std::visit(NumberUnder{number}, rule);
}

std::optional<std::string> identity_of(
    const settings::Pseudonym& rule, const model::Attribute& attribute
) {
    if (const auto* text = std::get_if<std::string_view>(&attribute.value))
        return canonical_form(rule.form, *text, rule.country);
    if (const auto* number = std::get_if<model::Decimal>(&attribute.value))
        return canonical_form(rule.form, model::to_string(without_zeros(*number)), rule.country);
    return std::nullopt;
}

bool append_under(
    std::string& json, const settings::Rule& rule, const model::Attribute& attribute
) {
    if (std::holds_alternative<settings::Keep>(rule)) return append_kept(json, attribute);
    if (const auto* grid = std::get_if<settings::Grid>(&rule))
        return append_cell(json, *grid, attribute);
    if (std::holds_alternative<settings::Network>(rule) ||
        std::holds_alternative<settings::Patterns>(rule))
        return append_text(json, rule, attribute);
    const auto* number = std::get_if<model::Decimal>(&attribute.value);
    const auto result = number != nullptr ? number_under(rule, *number) : std::nullopt;
    if (result) model::append_to(json, *result);
    return result.has_value();
}

}  // namespace gateway::anonymise
