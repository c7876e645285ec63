#include "gateway/language/translate.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/units.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace gateway::settings {
namespace {

using language::tr;

class SumCheck {
  public:
    SumCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : settings_(settings), document_(document), diagnostics_(diagnostics) {
        for (const model::Quantity& quantity : settings.quantities) {
            if (!quantity.name.empty()) vocabulary_.add(quantity);
        }
    }

    void check(const Sum& sum, std::size_t number) {
        number_ = number;
        check_datasets(sum);
        check_quantities(sum);
        check_groups(sum);
        check_protection(sum);
    }

  private:
    Position place(std::string_view key) const {
        return place_of(document_, {"sum", number_, key});
    }

    const Dataset* dataset(const std::string& name) const {
        const auto& all = settings_.datasets;
        const auto found = std::find_if(all.begin(), all.end(), [&](const Dataset& dataset) {
            return dataset.name == name;
        });
        return found == all.end() ? nullptr : &*found;
    }

    void check_datasets(const Sum& sum) {
        if (!sum.from.empty() && sum.from == sum.into) {
            diagnostics_.error(
                place("into"),
                tr("the sums would be summed again: 'from' and 'into' are the same dataset"),
                tr("add a [[dataset]] of its own for the sums")
            );
            return;
        }
        if (const Dataset* into = dataset(sum.into)) check_into(*into);
        if (const Dataset* from = dataset(sum.from)) check_from(*from, sum);
    }

    void check_into(const Dataset& into) {
        const auto feeds = [&](const Source& source) { return source.dataset == into.name; };
        if (std::any_of(settings_.sources.begin(), settings_.sources.end(), feeds)) {
            diagnostics_.error(
                place("into"),
                tr("the dataset \"{0}\" has a source: single meters would stand among the sums",
                   {into.name}),
                tr("add a [[dataset]] of its own for the sums")
            );
        }
        const auto device = into.fields.find("device");
        if (device == into.fields.end() || std::holds_alternative<Keep>(device->second)) return;
        diagnostics_.error(
            place("into"),
            tr("the dataset \"{0}\" would hide the names of the groups", {into.name}),
            tr("write device = \"keep\" in its fields: a group is no person")
        );
    }

    void check_from(const Dataset& from, const Sum& sum) {
        const auto device = from.fields.find("device");
        if (device == from.fields.end() || std::holds_alternative<Drop>(device->second)) {
            diagnostics_.error(
                place("from"),
                tr("the dataset \"{0}\" keeps no device: nobody can tell whose readings they are",
                   {from.name}),
                tr("write device = \"pseudonym\" in its fields")
            );
            return;
        }
        check_names(from, device->second);
        const auto time = from.fields.find("time");
        if (time == from.fields.end()) return;
        const auto* coarsen = std::get_if<Coarsen>(&time->second);
        if (coarsen == nullptr || sum.window % coarsen->step == seconds{0}) return;
        diagnostics_.error(
            place("window"),
            tr("the window is no multiple of the {0} to which the times of \"{1}\" are coarsened",
               {duration_text(coarsen->step), from.name}),
            tr("write a window that is")
        );
    }

    // The list of members has the meters' own names, and only a key leads from them to stored ones.
    void check_names(const Dataset& from, const Rule& device) {
        const auto* pseudonym = std::get_if<Pseudonym>(&device);
        if (pseudonym == nullptr || !pseudonym->is_token) return;
        diagnostics_.error(
            place("from"),
            tr("the devices of the dataset \"{0}\" have tokens: nobody can tell which meters of "
               "the list they are",
               {from.name}),
            tr("write device = \"pseudonym\" in its fields")
        );
    }

    void check_quantities(const Sum& sum) {
        const auto* summed = find(sum.quantity, "quantity");
        const auto* stored = sum.as.empty() ? summed : find(sum.as, "as");
        if (summed == nullptr || stored == nullptr) return;
        if (summed->unit != stored->unit) {
            diagnostics_.error(
                place("as"),
                tr("\"{0}\" is in {1}, \"{2}\" in {3}",
                   {summed->name, summed->unit, stored->name, stored->unit}),
                tr("add a [[quantity]] of the same unit")
            );
        }
        const bool may_be_negative = !stored->min || stored->min->mantissa < 0;
        if (may_be_negative || !std::holds_alternative<Noise>(sum.protection)) return;
        diagnostics_.error(
            place(sum.as.empty() ? "quantity" : "as"),
            tr("with noise a sum may be negative, and no \"{0}\" is", {stored->name}),
            tr("add a [[quantity]] without 'min' for the sums and name it: as = \"…\"")
        );
    }

    const model::Quantity* find(const std::string& name, std::string_view key) {
        if (name.empty()) return nullptr;
        const auto* quantity = vocabulary_.find(name);
        if (quantity == nullptr) {
            diagnostics_.error(
                place(key),
                tr("there is no quantity \"{0}\"", {name}),
                tr("add a [[quantity]] with name = \"{0}\" and its unit", {name})
            );
        }
        return quantity;
    }

    void check_groups(const Sum& sum) {
        std::set<std::string_view> names;
        std::set<std::string_view> totals;
        for (std::size_t i = 0; i < sum.groups.size(); ++i) {
            const SumGroup& group = sum.groups[i];
            const Position at = place_of(document_, {"sum", number_, "groups", i});
            if (!names.insert(group.name).second) {
                diagnostics_.error(
                    at,
                    tr("there are two groups \"{0}\"", {group.name}),
                    tr("give each a name of its own")
                );
            }
            if (group.part_of.empty()) {
                totals.insert(group.name);
            } else if (!totals.contains(group.part_of)) {
                diagnostics_.error(
                    at,
                    tr("\"{0}\" is part of \"{1}\", which is no group before it that is part of "
                       "none",
                       {group.name, group.part_of}),
                    tr("write the total first, and parts of one total only")
                );
            }
        }
        if (!sum.groups.empty()) return;
        diagnostics_.error(
            place("groups"), tr("there is no group"), tr("write their names, such as [\"north\"]")
        );
    }

    void check_protection(const Sum& sum) {
        const auto* noise = std::get_if<Noise>(&sum.protection);
        if (noise == nullptr || model::compare(noise->epsilon, noise->cap) <= 0) return;
        diagnostics_.error(
            place_of(document_, {"sum", number_, "noise", "epsilon"}),
            tr("'epsilon' is above 'cap': nothing would ever be released"),
            tr("write what all windows of a period may cost together as 'cap'")
        );
    }

    const Settings& settings_;
    const Table& document_;
    Diagnostics& diagnostics_;
    model::Vocabulary vocabulary_;
    std::size_t number_ = 0;
};

}  // namespace

void check_sums(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    SumCheck check{settings, document, diagnostics};
    for (std::size_t i = 0; i < settings.sums.size(); ++i) check.check(settings.sums[i], i);
}

}  // namespace gateway::settings
