#include "gateway/firmware/cause_word.hpp"

#include <array>

namespace gateway::firmware {

std::string_view cause_word(std::uint32_t cause) {
    constexpr std::array<std::string_view, 9> kWords{
        "unknown",
        "signature",
        "not-for-it",
        "old",
        "expired",
        "too-large",
        "digest",
        "storage",
        "base"};
    return cause < kWords.size() ? kWords[cause] : kWords[0];
}

}  // namespace gateway::firmware
