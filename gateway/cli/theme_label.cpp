#include "gateway/cli/theme_label.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"

#include <algorithm>
#include <array>

namespace gateway::cli {
namespace {

using model::translatable;

struct Theme {
    std::string_view code;
    const char* label;
};

constexpr auto kThemes = std::to_array<Theme>(
    {{"AGRI", translatable("Agriculture, fisheries, forestry and food")},
     {"ECON", translatable("Economy and finance")},
     {"EDUC", translatable("Education, culture and sport")},
     {"ENER", translatable("Energy")},
     {"ENVI", translatable("Environment")},
     {"GOVE", translatable("Government and public sector")},
     {"HEAL", translatable("Health")},
     {"INTR", translatable("International issues")},
     {"JUST", translatable("Justice, legal system and public safety")},
     {"REGI", translatable("Regions and cities")},
     {"SOCI", translatable("Population and society")},
     {"TECH", translatable("Science and technology")},
     {"TRAN", translatable("Transport")}}
);

}  // namespace

std::string theme_label(std::string_view code) {
    const auto theme = std::find_if(kThemes.begin(), kThemes.end(), [code](const Theme& each) {
        return each.code == code;
    });
    return theme == kThemes.end() ? std::string{code} : std::string{language::tr(theme->label)};
}

}  // namespace gateway::cli
