#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// The datasets as a catalogue of DCAT-AP 3.0 in JSON-LD 1.1, for a portal to harvest: a
// dcat:Catalog with a dcat:DataService, and for each dataset a dcat:Dataset with a
// dcat:Distribution. The context is inline: nothing is fetched. `texts_of` in both languages: the
// process's language is changed while it is made, and is `language` afterwards.
std::string catalogue_json(const settings::Settings& settings, std::string_view language);

// The keys without which a catalogue lacks what DCAT-AP calls mandatory: "register.portal_url".
std::vector<std::string> catalogue_gaps(const settings::Settings& settings);

// How often a dataset has something new, by the window of its sums or the
// grain of its time: an entry of the European
// Union's vocabulary of frequencies, "DAILY".
std::string_view frequency_of(const settings::Settings& settings, const settings::Dataset& dataset);

}  // namespace gateway::cli
