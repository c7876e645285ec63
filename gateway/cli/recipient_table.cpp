#include "gateway/cli/recipient_table.hpp"

#include "gateway/cli/recipient_words.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace gateway::cli {
namespace {

using language::tr;
using Align = TextTable::Align;
using Uplinks = std::vector<const settings::Uplink*>;

constexpr std::size_t kColumnsMax = 3;  // uplinks side by side on a terminal

// Those that are stored: the ones that every reading has come first.
std::vector<std::string> fields_of(const settings::Dataset& dataset) {
    std::vector<std::string> fields{"device", "time", "value"};
    for (const auto& [field, rule] : dataset.fields) {
        if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    }
    std::erase_if(fields, [&](const std::string& field) {
        return std::holds_alternative<settings::Drop>(settings::stored_rule(dataset, field));
    });
    return fields;
}

bool is_as_stored(
    const settings::Dataset& dataset, const settings::Uplink& uplink, const std::string& field
) {
    const auto* contract = settings::contract_for(uplink, dataset.name);
    return std::holds_alternative<settings::Keep>(settings::rule_towards(dataset, contract, field));
}

std::string table_of(
    const settings::Dataset& dataset,
    std::span<const std::string> fields,
    std::span<const settings::Uplink* const> uplinks
) {
    TextTable table{std::vector<Align>(uplinks.size() + 1, Align::left)};
    std::vector<std::string> row{tr("FIELD")};
    for (const auto* uplink : uplinks) row.push_back(recipient_title(*uplink));
    table.add(std::move(row));
    for (const auto& field : fields) {
        row = {field};
        for (const auto* uplink : uplinks) row.push_back(sent_outcome({dataset, *uplink, field}));
        table.add(std::move(row));
    }
    return table.text();
}

std::string tables_of(const settings::Dataset& dataset, const Uplinks& uplinks) {
    auto fields = fields_of(dataset);
    std::erase_if(fields, [&](const std::string& field) {
        return std::all_of(uplinks.begin(), uplinks.end(), [&](const auto* uplink) {
            return is_as_stored(dataset, *uplink, field);
        });
    });
    if (fields.empty()) return {};
    std::string text = tr("Of {0}, on its way out:", {dataset.name}) + '\n';
    const std::span<const settings::Uplink* const> all{uplinks};
    for (std::size_t first = 0; first < all.size(); first += kColumnsMax) {
        if (first > 0) text += '\n';
        text += table_of(
            dataset, fields, all.subspan(first, std::min(kColumnsMax, all.size() - first))
        );
    }
    return text;
}

}  // namespace

std::string recipient_table(const settings::Settings& settings) {
    std::string text;
    for (const auto& dataset : settings.datasets) {
        Uplinks uplinks;
        for (const auto& uplink : settings.uplinks) {
            if (settings::takes(uplink, dataset.name)) uplinks.push_back(&uplink);
        }
        text += tables_of(dataset, uplinks);
    }
    return text;
}

}  // namespace gateway::cli
