#include "gateway/status/words.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <array>
#include <utility>

namespace gateway::status {
namespace {

using language::tr;
using model::translatable;

struct Separators {
    std::string group;
    std::string point;
};

Separators separators() {
    // Translators: how the number 1234.5 is written; its signs are used in every number.
    const std::string_view sample = tr("1,234.5");
    const std::size_t group = sample.find("234");
    const std::size_t five = sample.rfind('5');
    if (group == std::string_view::npos || group < 1 || five < group + 3) return {",", "."};
    return {
        std::string{sample.substr(1, group - 1)},
        std::string{sample.substr(group + 3, five - group - 3)}};
}

// No-break, so that a figure never parts from its unit.
std::string with_unit(std::string figure, const char* unit) {
    figure += "\u00a0";
    figure += unit;
    return figure;
}

struct Unit {
    std::int64_t seconds;
    const char* name;
};

constexpr std::array<Unit, 4> kUnits{
    {{86'400, translatable("d")},
     {3'600, translatable("h")},
     {60, translatable("min")},
     {1, translatable("s")}}};

using Cause = std::pair<std::string_view, const char*>;

constexpr std::array<Cause, 56> kCauses{{
    {"not-this-format", translatable("not in the format of the source")},
    {"truncated", translatable("cut short")},
    {"malformed", translatable("malformed")},
    {"bad-checksum", translatable("wrong checksum")},
    {"wrong-key", translatable("wrong key")},
    {"limit-exceeded", translatable("too deep, too many or too long")},
    {"missing-field", translatable("a field is missing")},
    {"wrong-type", translatable("a field has the wrong type")},
    {"not-representable", translatable("number out of bounds")},
    {"not-numeric", translatable("not a number")},
    {"unknown-quantity", translatable("unknown quantity")},
    {"wrong-unit", translatable("wrong unit")},
    {"implausible-value", translatable("implausible value")},
    {"implausible-time", translatable("implausible time")},
    {"unknown-topic", translatable("unknown topic")},
    {"unknown-device", translatable("unknown device")},
    {"too-large", translatable("message too large")},
    {"duplicate", translatable("sent twice")},
    {"step-taken", translatable("beyond one reading a step")},
    {"not-authorised", translatable("not allowed under this topic")},
    {"restricted", translatable("restricted by the person")},
    {"no-consent", translatable("no consent in force")},
    {"full", translatable("too many at once")},
    {"not-introduced", translatable("no CONNECT in time")},
    {"handshake", translatable("TLS failed")},
    {"bad-connect", translatable("impossible CONNECT")},
    {"unauthenticated", translatable("wrong or no password, key or certificate")},
    {"busy", translatable("too many passwords to verify")},
    {"client-id", translatable("client identifier of another")},
    {"refused", translatable("message refused")},
    {"silent", translatable("nothing heard any more")},
    {"stalled", translatable("takes no answers")},
    {"taken-over", translatable("connected again")},
    {"overloaded", translatable("too much at once, sent back")},
    {"buffer-full", translatable("buffer full, sent back")},
    {"store-failed", translatable("disk failure, sent back")},
    {"stopping", translatable("gateway stopping, sent back")},
    {"size", translatable("room was needed")},
    {"retention", translatable("retention time over")},
    {"damaged", translatable("damaged on the disk")},
    {"erased", translatable("erased at the person's request")},
    {"late", translatable("came after its window was released")},
    {"ahead", translatable("too far ahead of its window")},
    {"unknown-meter", translatable("of no meter of the list")},
    {"closed-early", translatable("its window is not released")},
    {"first-index", translatable("first index of a meter")},
    {"older-index", translatable("index older than one known")},
    {"index-fell", translatable("index fell: meter replaced")},
    {"few-meters", translatable("too few meters")},
    {"dominated", translatable("one meter is most of it")},
    {"overlap", translatable("the difference would tell a few meters")},
    {"complementary", translatable("the total would tell it")},
    {"overflow", translatable("sum out of bounds")},
    {"budget", translatable("privacy budget spent")},
    {"registry", translatable("the list of meters changed")},
    {"unreadable", translatable("what was kept cannot be read")},
}};

// Of serial lines: nodes and bytes that are not served.
constexpr std::array<Cause, 9> kLineCauses{{
    {"version", translatable("no version of the link in common")},
    {"bad-hello", translatable("impossible introduction")},
    {"address-in-use", translatable("address of another node")},
    {"not-listed", translatable("not in the configuration")},
    {"unknown-type", translatable("unknown type of frame")},
    {"unexpected", translatable("out of order")},
    {"babble", translatable("turn without end")},
    {"noise", translatable("bytes that are no frame")},
    {"too-long", translatable("bytes without an end")},
}};

}  // namespace

std::string number_words(std::uint64_t number) {
    constexpr std::size_t kGroup = 3;
    const std::string digits = std::to_string(number);
    const std::string separator = separators().group;
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % kGroup == 0) out += separator;
        out += digits[i];
    }
    return out;
}

std::string tenths_words(std::uint64_t tenths) {
    constexpr std::uint64_t kTenths = 10;
    constexpr std::uint64_t kCoarse = 1000;
    std::string out = number_words(tenths / kTenths);
    if (tenths < kCoarse) out += separators().point + std::to_string(tenths % kTenths);
    return out;
}

std::string bytes_words(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kMultiples{
        translatable("KiB"),
        translatable("MiB"),
        translatable("GiB"),
        translatable("TiB"),
        translatable("PiB")};
    constexpr std::uint64_t kStep = 1024;
    if (bytes < kStep) {
        const char* unit = language::tr_plural("byte", "bytes", static_cast<unsigned long>(bytes));
        return with_unit(number_words(bytes), unit);
    }
    std::uint64_t divisor = kStep;
    std::size_t multiple = 0;
    while (multiple + 1 < kMultiples.size() && bytes / divisor >= kStep) {
        divisor *= kStep;
        ++multiple;
    }
    const std::uint64_t whole = bytes / divisor;
    const std::uint64_t tenth = bytes % divisor * 10 / divisor;
    std::string figure = number_words(whole);
    if (tenth > 0) figure += separators().point + std::to_string(tenth);
    return with_unit(std::move(figure), tr(kMultiples.at(multiple)));
}

std::string duration_words(std::int64_t seconds) {
    if (seconds < 0) seconds = 0;
    std::size_t first = 0;
    while (first + 1 < kUnits.size() && seconds < kUnits.at(first).seconds) ++first;
    const Unit& large = kUnits.at(first);
    const auto count = static_cast<std::uint64_t>(seconds / large.seconds);
    std::string out = with_unit(number_words(count), tr(large.name));
    if (first + 1 == kUnits.size()) return out;
    const Unit& small = kUnits.at(first + 1);
    const auto rest = static_cast<std::uint64_t>(seconds % large.seconds / small.seconds);
    if (rest > 0) out += ' ' + with_unit(number_words(rest), tr(small.name));
    return out;
}

std::string time_words(model::Instant time) {
    constexpr std::size_t kToSeconds = 19;
    std::string text = model::to_rfc3339(time).substr(0, kToSeconds);
    text.at(10) = ' ';
    return with_unit(std::move(text), "UTC");
}

std::string_view cause_words(std::string_view code) {
    for (const auto& [known, text] : kCauses) {
        if (known == code) return tr(text);
    }
    for (const auto& [known, text] : kLineCauses) {
        if (known == code) return tr(text);
    }
    return code;
}

}  // namespace gateway::status
