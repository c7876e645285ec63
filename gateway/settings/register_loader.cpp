#include "gateway/settings/register_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/iri.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::size_t kMeasuresMax = 100;

constexpr std::array kProfiles = {
    Choice<Jurisdiction>{"fr", Jurisdiction::fr},
    Choice<Jurisdiction>{"ma", Jurisdiction::ma},
    Choice<Jurisdiction>{"sn", Jurisdiction::sn},
    Choice<Jurisdiction>{"tn", Jurisdiction::tn},
    Choice<Jurisdiction>{"malabo", Jurisdiction::malabo}};

std::optional<std::vector<std::string>> read_measures(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->size() > kMeasuresMax) {
        reject_type(value, tr("a list of at most 100 sentences in square brackets"), loading);
        return std::nullopt;
    }
    std::vector<std::string> measures;
    for (const Value& element : *array) {
        if (auto measure = read_text(element, loading)) measures.push_back(std::move(*measure));
    }
    return measures;
}

constexpr std::array kKeys = {
    Key<Register>{"profile", into<&Register::profile, read_choice<kProfiles>>},
    Key<Register>{"controller", into<&Register::controller, read_text>, Presence::required},
    Key<Register>{"address", into<&Register::address, read_text>},
    Key<Register>{"contact", into<&Register::contact, read_contact>, Presence::required},
    Key<Register>{"officer", into<&Register::officer, read_text>},
    Key<Register>{"officer_contact", into<&Register::officer_contact, read_contact>},
    Key<Register>{"security", into<&Register::security, read_measures>},
    Key<Register>{"publisher_url", into<&Register::publisher_url, read_iri>},
    Key<Register>{"portal_url", into<&Register::portal_url, read_iri_prefix>},
    Key<Register>{"licence_url", into<&Register::licence_url, read_iri>}};

}  // namespace

std::optional<Register> read_register(const Value& value, Loading& loading) {
    return read_table<Register>(value, "[register]", kKeys, loading);
}

std::string_view to_string(Jurisdiction profile) {
    const auto known = std::find_if(kProfiles.begin(), kProfiles.end(), [profile](const auto& one) {
        return one.means == profile;
    });
    return known != kProfiles.end() ? known->word : std::string_view{};
}

}  // namespace gateway::settings
