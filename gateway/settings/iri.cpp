#include "gateway/settings/iri.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>

namespace gateway::settings {
namespace {

using language::tr;

// What parse_url lets pass and RFC 3986 does not.
constexpr std::string_view kNeverInAnIri = "<>\"{}|\\^`";

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == 0 || at == std::string_view::npos) return false;
    const bool is_plain = std::none_of(text.begin(), text.end(), [](char c) {
        return c <= ' ' || c >= '\x7f' || kNeverInAnIri.find(c) != std::string_view::npos;
    });
    const auto domain = text.substr(at + 1);
    // The port makes it the host of an address, which must be a name.
    return is_plain && domain.find_first_of("@:/?#[]") == std::string_view::npos &&
           parse_host_port(std::string{domain} + ":1").has_value();
}

}  // namespace

bool is_web_iri(std::string_view text) {
    const auto url = parse_url(text);
    return url && (url->scheme == "https" || url->scheme == "http") && url->userinfo.empty() &&
           text.find_first_of(kNeverInAnIri) == std::string_view::npos;
}

std::optional<std::string> read_iri(const Value& value, Loading& loading) {
    auto text = read_text(value, loading);
    if (!text || is_web_iri(*text)) return text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not an IRI", {*text}),
        tr("write an address that begins with https:// or http://, without blanks and accents: "
           "\"é\" is written \"%C3%A9\"")
    );
    return std::nullopt;
}

std::optional<std::string> read_iri_prefix(const Value& value, Loading& loading) {
    auto iri = read_iri(value, loading);
    if (!iri) return iri;
    if (iri->find_first_of("?#") == std::string::npos) {
        while (iri->ends_with('/')) iri->pop_back();
        return iri;
    }
    loading.diagnostics.error(
        value.at,
        tr("names cannot be put behind \"{0}\"", {*iri}),
        tr("write the address without what begins with '?' or '#'")
    );
    return std::nullopt;
}

std::optional<std::string> read_contact(const Value& value, Loading& loading) {
    auto text = read_text(value, loading);
    if (!text || is_web_iri(*text) || is_mail_address(*text)) return text;
    loading.diagnostics.error(
        value.at,
        tr("nobody can write to \"{0}\"", {*text}),
        tr("write an address of e-mail, such as \"data@city.example\", or of the web, such as "
           "\"https://city.example/data\"")
    );
    return std::nullopt;
}

}  // namespace gateway::settings
