#include "gateway/stored_names.hpp"

#include "gateway/anonymise/key_names.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/reading_fields.hpp"
#include "gateway/anonymise/stored_forms.hpp"
#include "gateway/key_protection.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <algorithm>

namespace gateway {
namespace {

using language::tr;

template <class Rule>
const Rule* device_rule(const settings::Dataset& dataset) {
    const auto found = dataset.fields.find(std::string(anonymise::kDeviceField));
    return found == dataset.fields.end() ? nullptr : std::get_if<Rule>(&found->second);
}

std::string unreadable(const std::string& directory, const boost::system::error_code& why) {
    return tr(
        "The keys of the pseudonyms in {0} cannot be read ({1}). Run this as root or as the "
        "gateway's user.",
        {directory, language::failure_words(why)}
    );
}

// Of what is no token.
model::Result<std::optional<std::string>> no_token(
    const anonymise::Pseudonymiser::Fingerprint& /*identity*/
) {
    return std::optional<std::string>{};
}

}  // namespace

cli::StoredNames find_stored_names(
    const settings::Settings& settings, const std::string& dataset, const std::string& device
) {
    const auto& datasets = settings.datasets;
    const auto asked = std::find_if(datasets.begin(), datasets.end(), [&](const auto& each) {
        return each.name == dataset;
    });
    if (asked == datasets.end()) return tr("The configuration has no dataset {0}.", {dataset});
    const auto* pseudonym = device_rule<settings::Pseudonym>(*asked);
    if (pseudonym != nullptr && pseudonym->is_token) {
        return tr(
            "The devices of dataset {0} have random names (rule token): nothing but the store "
            "knows whose they are; passerelle subject export tells a device's.",
            {dataset}
        );
    }
    const std::string directory = settings.gateway.state_directory + "/keys";
    std::vector<std::string> key_names;
    std::unique_ptr<anonymise::KeyWrap> wrap;
    if (pseudonym != nullptr) {
        auto listed = anonymise::key_names(directory);
        if (!listed) return unreadable(directory, listed.error());
        key_names = std::move(*listed);
        // Without keys there is nothing to open, and the means to open them must not be made here.
        if (key_names.empty()) return std::vector<std::string>{};
        auto made = make_key_wrap(settings);
        if (!made) return made.error();
        wrap = std::move(*made);
    }
    anonymise::KeyDirectory keys(directory, wrap.get());
    const anonymise::TokenFinder find_token = no_token;
    const auto forms = anonymise::stored_forms(
        *asked, anonymise::kDeviceField, device, {key_names, keys, find_token}
    );
    if (forms) return *forms;
    return std::string(tr(forms.error().detail));
}

}  // namespace gateway
