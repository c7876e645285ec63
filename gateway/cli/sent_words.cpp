#include "gateway/cli/sent_words.hpp"

#include "gateway/language/translate.hpp"

namespace gateway::cli {

std::string sent_words(const FleetCounts& counts) {
    return language::tr(
        "{0} sent, {1} acknowledged, {2} refused, {3} given up",
        {std::to_string(counts.sent),
         std::to_string(counts.acknowledged),
         std::to_string(counts.refused),
         std::to_string(counts.failed)}
    );
}

}  // namespace gateway::cli
