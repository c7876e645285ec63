#include "gateway/settings/identity_rules.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/rule_kinds.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;

enum class Then { pseudonym, token, drop, network };

// What stands beside the name of any of these rules.
struct Identity {
    Then then = Then::pseudonym;
    Pseudonym pseudonym;
    Network network;
    bool has_patterns = false;
};

constexpr std::array kThen = {
    Choice<Then>{"pseudonym", Then::pseudonym},
    Choice<Then>{"token", Then::token},
    Choice<Then>{"drop", Then::drop}};
constexpr std::array kThenOfDevice = {
    Choice<Then>{"pseudonym", Then::pseudonym}, Choice<Then>{"token", Then::token}};
constexpr std::array kThenOfIp = {
    Choice<Then>{"network", Then::network},
    Choice<Then>{"pseudonym", Then::pseudonym},
    Choice<Then>{"token", Then::token},
    Choice<Then>{"drop", Then::drop}};
constexpr std::array kModes = {Choice<bool>{"drop", false}, Choice<bool>{"patterns", true}};

// E.164 section 6.2.1: one to three digits.
bool is_country_code(const std::string& text) {
    return !text.empty() && text.size() <= 3 && text.front() != '0' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> read_country(const Value& value, Loading& loading) {
    auto text = read_text(value, loading);
    if (!text || is_country_code(*text)) return text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a country code", {*text}),
        tr("write its digits in quotes and without '+', such as \"216\"")
    );
    return std::nullopt;
}

template <int Small, int Large>
std::optional<int> read_bits(const Value& value, Loading& loading) {
    const auto* bits = std::get_if<std::int64_t>(&value.content);
    if (bits != nullptr && (*bits == Small || *bits == Large)) return static_cast<int>(*bits);
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is not a length of a network that can be shown", {value.key}),
        tr("write {0} or {1}", {std::to_string(Large), std::to_string(Small)})
    );
    return std::nullopt;
}

template <class T, T Pseudonym::*Member, auto Read>
void into_pseudonym(const Value& value, Loading& loading, Identity& identity) {
    if (auto read = Read(value, loading)) identity.pseudonym.*Member = std::move(*read);
}

template <int Network::*Member, auto Read>
void into_network(const Value& value, Loading& loading, Identity& identity) {
    if (const auto read = Read(value, loading)) identity.network.*Member = *read;
}

constexpr std::array kThenKey = {Key<Identity>{"then", into<&Identity::then, read_choice<kThen>>}};
constexpr std::array kThenKeyOfDevice = {
    Key<Identity>{"then", into<&Identity::then, read_choice<kThenOfDevice>>}};
constexpr std::array kThenKeyOfIp = {
    Key<Identity>{"then", into<&Identity::then, read_choice<kThenOfIp>>}};
constexpr std::array kEpochKey = {
    Key<Identity>{"epoch", into_pseudonym<seconds, &Pseudonym::epoch, read_epoch>}};
constexpr std::array kCountryKey = {
    Key<Identity>{"country", into_pseudonym<std::string, &Pseudonym::country, read_country>}};
constexpr std::array kNetworkKeys = {
    Key<Identity>{"v4", into_network<&Network::v4_bits, read_bits<16, 24>>},
    Key<Identity>{"v6", into_network<&Network::v6_bits, read_bits<32, 48>>}};
constexpr std::array kModeKey = {
    Key<Identity>{"mode", into<&Identity::has_patterns, read_choice<kModes>>}};

Rule read_pseudonym(Form form, TableReader& reader, Identity& identity) {
    identity.pseudonym.is_token = identity.then == Then::token;
    if (identity.pseudonym.is_token) {
        identity.pseudonym.epoch = seconds{0};
    } else {
        reader.read<Identity>(kEpochKey, identity);
    }
    if (form == Form::phone) reader.read<Identity>(kCountryKey, identity);
    identity.pseudonym.form = form;
    return identity.pseudonym;
}

}  // namespace

Rule read_identity_rule(Form form, TableReader& reader) {
    Identity identity;
    if (form == Form::name) identity.then = Then::drop;
    reader.read<Identity>(kThenKey, identity);
    reader.know_elsewhere("epoch", "then = \"pseudonym\"");
    reader.know_elsewhere("country", "rule = \"phone\"");
    if (identity.then == Then::drop) return Drop{};
    return read_pseudonym(form, reader, identity);
}

Rule read_device_rule(Form form, TableReader& reader) {
    Identity identity;
    reader.read<Identity>(kThenKeyOfDevice, identity);
    reader.know_elsewhere("epoch", "then = \"pseudonym\"");
    return read_pseudonym(form, reader, identity);
}

Rule make_ip_rule(TableReader& reader, Position, Loading&) {
    Identity identity;
    identity.then = Then::network;
    reader.read<Identity>(kThenKeyOfIp, identity);
    reader.know_elsewhere("epoch", "then = \"pseudonym\"");
    for (const char* key : {"v4", "v6"}) reader.know_elsewhere(key, "then = \"network\"");
    if (identity.then == Then::drop) return Drop{};
    if (identity.then != Then::network) return read_pseudonym(Form::ip, reader, identity);
    reader.read<Identity>(kNetworkKeys, identity);
    return identity.network;
}

Rule make_text_rule(TableReader& reader, Position, Loading&) {
    Identity identity;
    reader.read<Identity>(kModeKey, identity);
    return identity.has_patterns ? Rule{Patterns{}} : Rule{Drop{}};
}

}  // namespace gateway::settings
