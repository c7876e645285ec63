#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

namespace sample {

std::string with(std::string_view from, std::string_view to) {
    std::string text{kConfiguration};
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

gateway::settings::LoadResult load(std::string_view text) {
    return gateway::settings::load_text(text, "f.toml");
}

std::string diagnostics_of(std::string_view text) {
    std::string lines;
    for (const auto& diagnostic : load(text).diagnostics) lines += to_string(diagnostic) + '\n';
    return lines;
}

}  // namespace sample
