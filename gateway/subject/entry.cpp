#include "gateway/subject/entry.hpp"

#include <array>
#include <charconv>

namespace gateway::subject {
namespace {

constexpr std::array<std::string_view, 4> kActs{"grant", "revoke", "restrict", "lift"};

}  // namespace

std::string_view to_string(Act act) {
    return kActs.at(static_cast<std::size_t>(act));
}

std::optional<Act> parse_act(std::string_view text) {
    for (std::size_t i = 0; i < kActs.size(); ++i) {
        if (kActs.at(i) == text) return static_cast<Act>(i);
    }
    return std::nullopt;
}

// No dataset's name has a '/'.
Who Hasher::who(std::string_view dataset, std::string_view field, std::string_view identity) const {
    return keyed_.fingerprint(std::string(dataset).append("/").append(field), identity);
}

Who Hasher::seal(const Who& before, std::string_view line) const {
    return keyed_.fingerprint("seal", to_hex(before).append(line));
}

std::string to_hex(const Who& who) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte byte : who) {
        text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
        text += kDigits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

std::optional<Who> parse_who(std::string_view hex) {
    Who who{};
    if (hex.size() != 2 * who.size()) return std::nullopt;
    for (std::size_t i = 0; i < who.size(); ++i) {
        unsigned byte = 0;
        const char* const start = hex.data() + 2 * i;
        const auto [end, failure] = std::from_chars(start, start + 2, byte, 16);
        if (failure != std::errc{} || end != start + 2) return std::nullopt;
        who[i] = static_cast<std::byte>(byte);
    }
    return who;
}

}  // namespace gateway::subject
