#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// The canonical form of a hardware address (EUI-48 or EUI-64, IEEE 802): lower case, an octet
// between colons, "00:1b:c5:0a:bc:de". Taken as octets between ':' or '-', as groups of four digits
// between '.', or as digits alone. Nothing for anything else.
//
// For a pseudonym only: half of the address names the maker (OUI) and must not be shown, and the
// bit that marks an address as locally administered tells the kind of device.
std::optional<std::string> canonical_mac_address(std::string_view ascii);

}  // namespace gateway::anonymise
