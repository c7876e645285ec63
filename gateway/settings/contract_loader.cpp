#include "gateway/settings/contract_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/rule_loader.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;

// ISO 3166-1 alpha-2, the officially assigned codes.
constexpr std::string_view kCountries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ "
    "EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW "
    "GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY "
    "KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV "
    "MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY "
    "QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG "
    "TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM "
    "ZW ";

bool is_country(const std::string& text) {
    return text.size() == 2 && text.find(' ') == std::string::npos &&
           kCountries.find(text + ' ') != std::string_view::npos;
}

// A day is meant from its first instant in UTC.
std::optional<model::Instant> instant_of(const std::string& text) {
    constexpr std::size_t kDateSize = 10;
    return model::parse_rfc3339(text.size() == kDateSize ? text + "T00:00:00Z" : text);
}

std::optional<model::Instant> read_end(const Value& value, Loading& loading) {
    const std::string* text =
        as_text(value, tr("a date in quotes, such as \"2027-12-31\""), loading);
    if (text == nullptr) return std::nullopt;
    const auto end = instant_of(*text);
    if (!end) {
        loading.diagnostics.error(
            value.at,
            tr("\"{0}\" is neither a date nor a time of RFC 3339", {*text}),
            tr("write \"2027-12-31\" or \"2027-12-31T18:00:00Z\"; nothing leaves from then on")
        );
    } else if (*end <= loading.now) {
        loading.diagnostics.warning(
            value.at,
            tr("this contract has ended: nothing of its dataset leaves by this uplink"),
            tr("write the new end when it is renewed, or remove the dataset from the uplink")
        );
    }
    return end;
}

constexpr std::array kKeys = {
    Key<Contract>{"purpose", into<&Contract::purpose, read_text>},
    Key<Contract>{"legal_basis", into<&Contract::legal_basis, read_text>},
    Key<Contract>{"reference", into<&Contract::reference, read_text>},
    Key<Contract>{"until", into<&Contract::until, read_end>},
    Key<Contract>{"fields", read_sent_fields}};

}  // namespace

void read_contracts(const Value& value, Loading& loading, Uplink& uplink) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return;
    for (const Entry& entry : table->entries) {
        const std::string title = "[uplink.contract." + entry.key + ']';
        auto contract = read_table<Contract>(entry.value, title, kKeys, loading);
        if (!contract) continue;
        contract->dataset = entry.key;
        uplink.contracts.push_back(std::move(*contract));
    }
}

std::optional<std::string> read_country_of_recipient(const Value& value, Loading& loading) {
    const std::string* text = as_text(value, tr("a country in quotes, such as \"FR\""), loading);
    if (text == nullptr) return std::nullopt;
    if (is_country(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a country of ISO 3166-1", {*text}),
        tr("write its two capital letters, such as \"FR\" or \"TN\"")
    );
    return std::nullopt;
}

}  // namespace gateway::settings
