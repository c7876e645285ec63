#include "gateway/decode/cbor_reader.hpp"

// Each item starts with a byte of three bits major type and five bits additional information: the
// argument itself up to 23, or the count of bytes it takes (24: 1, 25: 2, 26: 4, 27: 8),
// big-endian; 31 is an indefinite length or its end (RFC 8949 section 3).
//
//     83 01 f9 3c00 c4 82 21 19 6ab3     [1, 1.0, 273.15]
#include "gateway/model/message.hpp"

#include <simdjson.h>

#include <bit>
#include <cmath>
#include <limits>

namespace gateway::decode {
namespace {

using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Kind = CborItem::Kind;

Fault truncated() {
    return {Refusal::truncated, translatable("RFC 8949 3: the CBOR ends within an item")};
}

Fault malformed(const char* detail) {
    return {Refusal::malformed, detail};
}

Fault nested_too_deeply() {
    return {Refusal::limit_exceeded, translatable("the CBOR is nested too deeply")};
}

CborItem number_item(std::optional<Decimal> number) {
    CborItem item;
    item.kind = Kind::number;
    item.number = number;
    return item;
}

CborItem integer_item(std::uint64_t magnitude, bool negative) {
    constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
    if (magnitude > kMax) return number_item(std::nullopt);
    const auto value = static_cast<std::int64_t>(magnitude);
    return number_item(model::decimal_from(negative ? -1 - value : value, 0));
}

// RFC 8949 appendix D.
double half_to_double(std::uint64_t half) {
    const auto exponent = static_cast<int>(half >> 10 & 0x1F);
    const auto mantissa = static_cast<double>(half & 0x3FF);
    double value = 0;
    if (exponent == 0)
        value = std::ldexp(mantissa, -24);
    else if (exponent != 31)
        value = std::ldexp(mantissa + 1024, exponent - 25);
    else
        value = mantissa == 0 ? std::numeric_limits<double>::infinity()
                              : std::numeric_limits<double>::quiet_NaN();
    return (half & 0x8000) != 0 ? -value : value;
}

Decoded<CborItem> simple_item(std::uint8_t additional, std::uint64_t argument) {
    constexpr std::uint8_t kHalf = 25;
    constexpr std::uint8_t kSingle = 26;
    constexpr std::uint8_t kDouble = 27;
    CborItem item;
    switch (additional) {
        case 20:
        case 21:
            item.kind = Kind::boolean;
            item.boolean = additional == 21;
            return item;
        case 24:
            if (argument < 32)
                return malformed(translatable("RFC 8949 3.3: a simple value in two bytes is small")
                );
            return item;
        case kHalf:
            return number_item(model::decimal_from(half_to_double(argument)));
        case kSingle:
            return number_item(
                model::decimal_from(std::bit_cast<float>(static_cast<std::uint32_t>(argument)))
            );
        case kDouble:
            return number_item(model::decimal_from(std::bit_cast<double>(argument)));
        default:
            return item;
    }
}

}  // namespace

Decoded<CborItem> CborReader::next() {
    const auto read = head();
    if (!read) return read.error();
    return item(*read, 0);
}

Decoded<CborReader::Head> CborReader::head() {
    if (rest_.empty()) return truncated();
    const auto first = static_cast<std::uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    Head head{static_cast<Major>(first >> 5), static_cast<std::uint8_t>(first & 0x1F), 0};
    if (head.additional < 24) {
        head.argument = head.additional;
    } else if (head.additional <= 27) {
        const auto read = argument(std::size_t{1} << (head.additional - 24));
        if (!read) return read.error();
        head.argument = *read;
    } else if (!head.indefinite()) {
        return malformed(translatable("RFC 8949 3: reserved additional information"));
    }
    return head;
}

Decoded<std::uint64_t> CborReader::argument(std::size_t bytes) {
    const auto read = chunk(bytes);
    if (!read) return read.error();
    std::uint64_t value = 0;
    for (const char byte : *read) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
}

Decoded<CborItem> CborReader::item(const Head& head, std::size_t depth) {
    CborItem item;
    switch (head.major) {
        case Major::bytes:
        case Major::text:
            return string(head);
        case Major::array:
        case Major::map:
            item.kind = head.major == Major::array ? Kind::array : Kind::map;
            if (!head.indefinite()) item.size = head.argument;
            return item;
        case Major::simple:
            item.kind = Kind::end;
            if (head.indefinite()) return item;
            return simple_item(head.additional, head.argument);
        default:
            break;
    }
    if (head.indefinite())
        return malformed(translatable("RFC 8949 3.2: only strings, arrays and maps are indefinite")
        );
    if (head.major == Major::tag) return tagged(head.argument, depth);
    return integer_item(head.argument, head.major == Major::negative_integer);
}

Decoded<CborItem> CborReader::string(const Head& head) {
    const auto read = head.indefinite() ? joined_chunks(head.major) : chunk(head.argument);
    if (!read) return read.error();
    CborItem item;
    item.kind = head.major == Major::text ? Kind::text : Kind::bytes;
    item.text = *read;
    if (item.kind == Kind::text && !simdjson::validate_utf8(item.text.data(), item.text.size()))
        return malformed(translatable("RFC 8949 3.1: a text is not UTF-8"));
    return item;
}

Decoded<std::string_view> CborReader::chunk(std::uint64_t size) {
    if (size > rest_.size()) return truncated();
    const auto taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(taken.size());
    return taken;
}

// The strings of definite length that make up one of indefinite length (section 3.2.3).
Decoded<std::string_view> CborReader::joined_chunks(Major major) {
    std::string joined;
    while (true) {
        const auto read = head();
        if (!read) return read.error();
        if (read->major == Major::simple && read->indefinite()) break;
        if (read->major != major || read->indefinite())
            return malformed(translatable("RFC 8949 3.2.3: a string has a chunk of another type"));
        const auto part = chunk(read->argument);
        if (!part) return part.error();
        joined += *part;
    }
    return joined_.emplace_back(std::move(joined));
}

Decoded<CborItem> CborReader::tagged(std::uint64_t tag, std::size_t depth) {
    if (depth == kNestingMax) return nested_too_deeply();
    if (tag == 2 || tag == 3) return bignum(tag == 3, depth + 1);
    if (tag == 4) return decimal_fraction(depth + 1);
    const auto content = head();
    if (!content) return content.error();
    auto read = item(*content, depth + 1);
    if (read && read->kind == Kind::end)
        return malformed(translatable("RFC 8949 3.4: a tag has no content"));
    return read;
}

Decoded<CborItem> CborReader::bignum(bool negative, std::size_t depth) {
    const auto content = head();
    if (!content) return content.error();
    const auto bytes = item(*content, depth);
    if (!bytes) return bytes.error();
    if (bytes->kind != Kind::bytes)
        return malformed(translatable("RFC 8949 3.4.3: a bignum is not made of bytes"));
    std::uint64_t magnitude = 0;
    for (const char byte : bytes->text) {
        if (magnitude >> 56 != 0) return number_item(std::nullopt);
        magnitude = magnitude << 8 | static_cast<std::uint8_t>(byte);
    }
    return integer_item(magnitude, negative);
}

// [exponent, mantissa] (section 3.4.4).
Decoded<CborItem> CborReader::decimal_fraction(std::size_t depth) {
    const auto pair = head();
    if (!pair) return pair.error();
    if (pair->major != Major::array || pair->argument != 2)
        return malformed(translatable("RFC 8949 3.4.4: a decimal fraction is not a pair"));
    const auto exponent = integer(depth);
    if (!exponent) return exponent.error();
    const auto mantissa = integer(depth);
    if (!mantissa) return mantissa.error();
    if (!exponent->number || !mantissa->number) return number_item(std::nullopt);
    const Decimal power = *exponent->number;
    constexpr std::int64_t kPowerMax = 1000;
    if (power.exponent != 0 || power.mantissa > kPowerMax || power.mantissa < -kPowerMax)
        return number_item(std::nullopt);
    return number_item(model::decimal_from(
        mantissa->number->mantissa, mantissa->number->exponent + static_cast<int>(power.mantissa)
    ));
}

Decoded<CborItem> CborReader::integer(std::size_t depth) {
    const auto read = head();
    if (!read) return read.error();
    const bool is_bignum =
        read->major == Major::tag && (read->argument == 2 || read->argument == 3);
    const bool is_integer =
        read->major == Major::unsigned_integer || read->major == Major::negative_integer;
    if (!is_bignum && !is_integer)
        return malformed(translatable("RFC 8949 3.4.4: a decimal fraction is not of integers"));
    return item(*read, depth);
}

Decoded<void> CborReader::skip_content(const CborItem& item) {
    return skip(item, 0);
}

Decoded<void> CborReader::skip(const CborItem& container, std::size_t depth) {
    if (container.kind != Kind::array && container.kind != Kind::map) return {};
    if (depth == kNestingMax) return nested_too_deeply();
    const std::uint64_t items_each = container.kind == Kind::map ? 2 : 1;
    for (std::uint64_t read_count = 0;; ++read_count) {
        if (container.size && read_count / items_each == *container.size) return {};
        const auto content = head();
        if (!content) return content.error();
        const auto read = item(*content, depth + 1);
        if (!read) return read.error();
        if (read->kind == Kind::end) {
            const bool complete = !container.size && read_count % items_each == 0;
            if (complete) return {};
            return malformed(translatable("RFC 8949 3.2.1: an array or map ends too early"));
        }
        if (auto skipped = skip(*read, depth + 1); !skipped) return skipped;
    }
}

}  // namespace gateway::decode
