#include "gateway/settings/wording.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::array kKeys = {
    Key<Wording>{"fr", into<&Wording::fr, read_text>},
    Key<Wording>{"en", into<&Wording::en, read_text>}};

}  // namespace

std::optional<Wording> read_wording(const Value& value, Loading& loading) {
    if (!std::holds_alternative<Table>(value.content)) {
        auto text = read_text(value, loading);
        return text ? std::optional{Wording{std::move(*text), {}, {}}} : std::nullopt;
    }
    auto wording = read_table<Wording>(value, value.key, kKeys, loading);
    if (wording && wording->fr.empty() && wording->en.empty()) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' is empty", {value.key}),
            tr("write {0} = { fr = \"…\", en = \"…\" }", {value.key})
        );
    }
    return wording;
}

const std::string& worded(const Wording& wording, std::string_view language) {
    const std::string& asked = language == "fr" ? wording.fr : wording.en;
    const std::string& other = language == "fr" ? wording.en : wording.fr;
    if (!asked.empty()) return asked;
    return wording.text.empty() ? other : wording.text;
}

}  // namespace gateway::settings
