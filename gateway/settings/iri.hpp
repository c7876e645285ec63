#pragma once
#include "gateway/settings/table_reader.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::settings {

// True for an absolute http or https IRI in its URI form (RFC 3987 section 3.1): only characters
// that RFC 3986 allows, so that it can stand in a catalogue as it is.
bool is_web_iri(std::string_view text);

// An IRI that names something for machines: a publisher, a place, a licence.
std::optional<std::string> read_iri(const Value& value, Loading& loading);

// The same as the beginning of others: without a query, a fragment and the last '/'.
std::optional<std::string> read_iri_prefix(const Value& value, Loading& loading);

// Where people write to: an address of e-mail, "donnees@ville.example", or of the web.
std::optional<std::string> read_contact(const Value& value, Loading& loading);

}  // namespace gateway::settings
