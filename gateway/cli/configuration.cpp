#include "gateway/cli/configuration.hpp"

#include "gateway/language/translate.hpp"

#include <ostream>

namespace gateway::cli {

settings::LoadResult load_configuration(
    const std::filesystem::path& file, CommandContext& context, settings::LoadOptions options
) {
    auto result = settings::load(file, options);
    if (!context.language.empty() || result.language.empty()) return result;
    // The diagnostics are words already: they are made again in the configuration's language.
    language::choose(result.language);
    return settings::load(file, options);
}

void write_diagnostics(const settings::LoadResult& result, CommandContext& context) {
    for (const auto& diagnostic : result.diagnostics)
        context.err << settings::to_string(diagnostic) << '\n';
}

}  // namespace gateway::cli
