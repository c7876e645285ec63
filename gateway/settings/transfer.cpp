#include "gateway/settings/transfer.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

// ISO 3166-1 alpha-2, sorted.
constexpr auto kEuropeanEconomicArea =
    std::to_array<std::string_view>({"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI",
                                     "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU",
                                     "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"});

}  // namespace

bool is_transfer(Jurisdiction profile, std::string_view country) {
    if (country.empty()) return false;
    switch (profile) {
        case Jurisdiction::fr:
            return !std::binary_search(
                kEuropeanEconomicArea.begin(), kEuropeanEconomicArea.end(), country
            );
        case Jurisdiction::ma:
            return country != "MA";
        case Jurisdiction::sn:
            return country != "SN";
        case Jurisdiction::tn:
            return country != "TN";
        case Jurisdiction::malabo:
            break;  // the city's own country is not written: see Uplink::country
    }
    return true;
}

}  // namespace gateway::settings
