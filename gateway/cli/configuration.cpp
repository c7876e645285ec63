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

std::optional<settings::Settings> load_for_reading(
    const std::filesystem::path& file, CommandContext& context
) {
    auto result = load_configuration(file, context, {.look_at_files = false});
    if (!result.settings) write_diagnostics(result, context);
    return std::move(result.settings);
}

std::string spoken_language() {
    // Translators: the code of your language, for browsers and screen readers.
    return language::tr("en");
}

void write_diagnostics(const settings::LoadResult& result, CommandContext& context) {
    for (const auto& diagnostic : result.diagnostics)
        context.err << settings::to_string(diagnostic) << '\n';
}

}  // namespace gateway::cli
