#include "gateway/settings/privacy_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/public_key.hpp"
#include "gateway/settings/secret.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::array kProtections = {
    Choice<KeyProtection>{"file", KeyProtection::file},
    Choice<KeyProtection>{"wrapped", KeyProtection::wrapped},
    Choice<KeyProtection>{"tpm2", KeyProtection::tpm2}};

std::optional<std::string> read_officer_key(const Value& value, Loading& loading) {
    return read_public_key(value, "passerelle quarantine keygen", loading);
}

std::optional<std::string> read_loosening_key(const Value& value, Loading& loading) {
    return read_public_key(value, "passerelle policy keygen", loading);
}

constexpr std::array kQuarantineKeys = {
    Key<Quarantine>{
        "officer_key", into<&Quarantine::officer_key, read_officer_key>, Presence::required},
    Key<Quarantine>{
        "size_max", into<&Quarantine::size_max, read_size<std::uint64_t, 1ULL << 20, 1ULL << 34>>},
    Key<Quarantine>{
        "retention", into<&Quarantine::retention, read_duration<seconds, kHour, 366 * kDay>>}};

std::optional<Quarantine> read_quarantine(const Value& value, Loading& loading) {
    return read_table<Quarantine>(value, "[privacy.quarantine]", kQuarantineKeys, loading);
}

constexpr std::array kPrivacyKeys = {
    Key<Privacy>{"strict", into<&Privacy::strict, read_boolean>},
    Key<Privacy>{"keys", into<&Privacy::keys, read_choice<kProtections>>},
    Key<Privacy>{"wrapping_key", into<&Privacy::wrapping_key, read_secret>},
    Key<Privacy>{"loosening_key", into<&Privacy::loosening_key, read_loosening_key>},
    Key<Privacy>{"quarantine", into<&Privacy::quarantine, read_quarantine>}};

// The wrapping key belongs to keys = "wrapped", and only there.
void check_wrapping(const Privacy& privacy, const Value& value, Loading& loading) {
    const bool is_needed = privacy.keys == KeyProtection::wrapped;
    const auto* table = std::get_if<Table>(&value.content);
    const Value* named = table == nullptr ? nullptr : table->find("wrapping_key");
    if (is_needed && named == nullptr) {
        loading.diagnostics.error(
            value.at,
            tr("keys = \"wrapped\" needs the key that they are wrapped with"),
            tr("add wrapping_key = { credential = \"…\" }, or { file = \"…\" } of a place that is "
               "not on the gateway's own disk")
        );
    } else if (!is_needed && named != nullptr) {
        loading.diagnostics.error(
            named->at,
            tr("'wrapping_key' is used with keys = \"wrapped\" alone"),
            tr("add keys = \"wrapped\", or remove it")
        );
    }
}

}  // namespace

std::optional<Privacy> read_privacy(const Value& value, Loading& loading) {
    auto privacy = read_table<Privacy>(value, "[privacy]", kPrivacyKeys, loading);
    if (privacy) check_wrapping(*privacy, value, loading);
    return privacy;
}

}  // namespace gateway::settings
