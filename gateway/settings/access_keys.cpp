#include "gateway/settings/access_keys.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/topic_text.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::array kKeys = {
    Key<Access>{"identity", into<&Access::identity, read_text>, Presence::required},
    Key<Access>{"topics", into<&Access::topics, read_topics>, Presence::required}};

}  // namespace

std::optional<std::vector<Access>> read_access(const Value& value, Loading& loading) {
    const auto* tables = std::get_if<Array>(&value.content);
    if (tables == nullptr) {
        reject_type(value, tr("tables, each under a line [[source.access]]"), loading);
        return std::nullopt;
    }
    std::vector<Access> entries;
    for (const Value& table : *tables) {
        auto entry = read_table<Access>(table, "[[source.access]]", kKeys, loading);
        if (entry) entries.push_back(std::move(*entry));
    }
    return entries;
}

}  // namespace gateway::settings
