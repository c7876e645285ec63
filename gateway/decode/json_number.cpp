#include "gateway/decode/json_number.hpp"

#include "gateway/model/message.hpp"

namespace gateway::decode {
namespace {

// Moves `at` behind the digits there; false if there is none.
bool skip_digits(std::string_view text, std::size_t& at) {
    const std::size_t start = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at > start;
}

bool skip(std::string_view text, std::size_t& at, char character) {
    if (at == text.size() || text[at] != character) return false;
    ++at;
    return true;
}

}  // namespace

bool is_json_number(std::string_view text) {
    std::size_t at = 0;
    skip(text, at, '-');
    if (!skip(text, at, '0') && !skip_digits(text, at)) return false;
    if (skip(text, at, '.') && !skip_digits(text, at)) return false;
    if (skip(text, at, 'e') || skip(text, at, 'E')) {
        if (!skip(text, at, '-')) skip(text, at, '+');
        if (!skip_digits(text, at)) return false;
    }
    return at == text.size();
}

model::Decoded<model::Decimal> exact_number(std::string_view text) {
    if (const auto value = model::parse_decimal(text)) return *value;
    return model::Fault{
        model::Refusal::not_representable,
        model::translatable("a number has too many digits or too large an exponent")};
}

}  // namespace gateway::decode
