// libFuzzer harness of the configuration: any text either gives settings or says in which line it
// is wrong.
#include "gateway/settings/loader.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace {

using namespace gateway::settings;
using tests::fuzz::require;

// Line and column must be inside the text, or an editor jumps nowhere.
void check_places(const LoadResult& result, std::string_view text) {
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    for (const Diagnostic& diagnostic : result.diagnostics) {
        require(diagnostic.at.line >= 1 && diagnostic.at.line <= lines + 1);
        require(diagnostic.at.column >= 1);
        require(!diagnostic.what.empty() && !diagnostic.remedy.empty());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(bytes), size};
    const auto result = load_text(text, "fuzz.toml", {.look_at_files = false});
    require(result.settings.has_value() != has_errors(result.diagnostics));
    check_places(result, text);
    return 0;
}
