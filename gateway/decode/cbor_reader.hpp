#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/refusal.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::decode {

// A data item of CBOR (RFC 8949). Of an array or a map it is the head: the items follow.
struct CborItem {
    enum class Kind : std::uint8_t { number, boolean, null, text, bytes, array, map, end };

    Kind kind = Kind::null;  // null also for undefined and simple values without a meaning
    // Of an integer, float, decimal fraction (tag 4) or bignum (tags 2, 3); nothing if a Decimal
    // does not hold it: NaN, infinity, too many digits.
    std::optional<model::Decimal> number{};
    bool boolean = false;
    std::string_view text{};              // of a text or of bytes; a text is valid UTF-8
    std::optional<std::uint64_t> size{};  // elements of an array, pairs of a map; none: up to `end`
};

// Reads one CBOR item after another. Numbers are exact: a float is the shortest decimal that reads
// back as it. Half-precision floats count as doubles, since encoders shorten only where no bit is
// lost (RFC 8949 section 4.1). Other tags than 2, 3 and 4 are skipped.
//
// Faults: truncated at the end of the bytes, malformed, and limit_exceeded.
// Reads `bytes` in place; texts live as long as they and this reader do.
class CborReader {
  public:
    static constexpr std::size_t kNestingMax = 16;  // of arrays, maps and tags

    explicit CborReader(std::string_view bytes) : rest_(bytes) {}

    bool at_end() const { return rest_.empty(); }

    // The next item, or Kind::end where an array or a map of unknown size ends.
    model::Decoded<CborItem> next();

    // Passes over the content of `item`, which next() has just given: nothing but for an array or
    // a map.
    model::Decoded<void> skip_content(const CborItem& item);

  private:
    enum class Major : std::uint8_t {
        unsigned_integer,
        negative_integer,
        bytes,
        text,
        array,
        map,
        tag,
        simple
    };
    struct Head {
        Major major;
        std::uint8_t additional;  // the lower five bits
        std::uint64_t argument;
        bool indefinite() const { return additional == kIndefinite; }
    };
    static constexpr std::uint8_t kIndefinite = 31;

    model::Decoded<Head> head();
    model::Decoded<std::uint64_t> argument(std::size_t bytes);
    model::Decoded<CborItem> item(const Head& head, std::size_t depth);
    model::Decoded<CborItem> string(const Head& head);
    model::Decoded<std::string_view> chunk(std::uint64_t size);
    model::Decoded<std::string_view> joined_chunks(Major major);
    model::Decoded<CborItem> tagged(std::uint64_t tag, std::size_t depth);
    model::Decoded<CborItem> bignum(bool negative, std::size_t depth);
    model::Decoded<CborItem> decimal_fraction(std::size_t depth);
    model::Decoded<CborItem> integer(std::size_t depth);
    model::Decoded<void> skip(const CborItem& item, std::size_t depth);

    std::string_view rest_;
    std::deque<std::string> joined_;  // texts that stood in chunks
};

}  // namespace gateway::decode
