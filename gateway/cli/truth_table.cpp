#include "gateway/cli/truth_table.hpp"

#include "gateway/cli/dataset_fields.hpp"
#include "gateway/cli/rule_words.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/settings/recipient_terms.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace gateway::cli {
namespace {

using language::tr;
using Align = TextTable::Align;
using Datasets = std::span<const settings::Dataset>;

constexpr std::size_t kColumnsMax = 3;  // datasets side by side on a terminal

// The classes that the datasets give a field; mostly one.
std::string class_of(Datasets datasets, const std::string& field) {
    std::set<std::string> classes;
    for (const auto& dataset : datasets) {
        const auto given = dataset.classes.find(field);
        if (given != dataset.classes.end()) classes.emplace(settings::to_string(given->second));
    }
    std::string text;
    for (const auto& each : classes) text.append(text.empty() ? "" : ", ").append(each);
    return text;
}

std::string table_of(Datasets datasets) {
    TextTable table{std::vector<Align>(datasets.size() + 2, Align::left)};
    std::vector<std::string> row{tr("FIELD"), tr("CLASS")};
    for (const auto& dataset : datasets) row.push_back(dataset.name);
    table.add(std::move(row));
    for (const auto& field : fields_of(datasets)) {
        row = {field, class_of(datasets, field)};
        for (const auto& dataset : datasets)
            row.push_back(rule_outcome(settings::stored_rule(dataset, field)));
        table.add(std::move(row));
    }
    row = {tr("any other"), ""};
    for (std::size_t i = 0; i < datasets.size(); ++i) row.push_back(rule_outcome(settings::Drop{}));
    table.add(std::move(row));
    return table.text();
}

}  // namespace

std::string truth_table(const settings::Settings& settings) {
    std::string text;
    const Datasets all{settings.datasets};
    for (std::size_t first = 0; first < all.size(); first += kColumnsMax) {
        if (first > 0) text += '\n';
        text += table_of(all.subspan(first, std::min(kColumnsMax, all.size() - first)));
    }
    return text;
}

}  // namespace gateway::cli
