#include "gateway/settings/suggestion.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gateway::settings {
namespace {

// Longer words are not compared: no key is that long.
constexpr std::size_t kWordMax = 48;

// Optimal string alignment distance, three rows of the usual matrix at a time.
std::size_t distance(std::string_view left, std::string_view right) {
    std::array<std::array<std::size_t, kWordMax + 1>, 3> rows{};
    for (std::size_t j = 0; j <= right.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t substitution = left[i - 1] == right[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + substitution});
            const bool swapped =
                i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
            if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[left.size() % 3][right.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    if (word.size() > kWordMax) return {};
    std::string_view best;
    std::size_t least = std::max<std::size_t>(1, word.size() / 3);  // letters that may be wrong
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > kWordMax) continue;
        const std::size_t found = distance(word, candidate);
        const bool better = best.empty() ? found <= least : found < least;
        if (!better) continue;
        best = candidate;
        least = found;
    }
    return best;
}

}  // namespace gateway::settings
