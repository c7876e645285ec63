#include "gateway/settings/field_class.hpp"

#include <algorithm>

namespace gateway::settings {

std::string_view to_string(FieldClass field_class) {
    const auto known =
        std::find_if(kFieldClasses.begin(), kFieldClasses.end(), [field_class](const auto& choice) {
            return choice.means == field_class;
        });
    return known != kFieldClasses.end() ? known->word : std::string_view{};
}

}  // namespace gateway::settings
