#include "gateway/language/translate.hpp"
#include "gateway/model/unit_scale.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/suggestion.hpp"

namespace gateway::settings {
namespace {

using language::tr;

class MappingCheck {
  public:
    MappingCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : document_(document), diagnostics_(diagnostics) {
        for (const model::Quantity& quantity : settings.quantities) {
            if (!quantity.name.empty()) vocabulary_.add(quantity);
        }
    }

    void check(const Source& source, std::size_t number) {
        const auto& readings = source.format.json.readings;
        for (std::size_t i = 0; i < readings.size(); ++i) {
            const auto place = [&](std::string_view key) {
                return place_of(document_, {"source", number, "json", "readings", i, key});
            };
            const auto* quantity = find(readings[i].quantity, place("quantity"));
            if (quantity != nullptr) check_unit(readings[i].unit, *quantity, place("unit"));
        }
        for (const auto& [sender_name, quantity] : source.format.quantities)
            find(quantity, place_of(document_, {"source", number, "quantities", sender_name}));
    }

  private:
    const model::Quantity* find(const std::string& name, Position at) {
        if (name.empty()) return nullptr;
        const auto* quantity = vocabulary_.find(name);
        if (quantity == nullptr) {
            const std::string_view meant = nearest_quantity(name);
            diagnostics_.error(
                at,
                tr("there is no quantity \"{0}\"", {name}),
                meant.empty() ? tr("add a [[quantity]] with name = \"{0}\" and its unit", {name})
                              : tr("did you mean '{0}'?", {meant})
            );
        }
        return quantity;
    }

    std::string_view nearest_quantity(const std::string& name) const {
        std::vector<std::string_view> names;
        for (const model::Quantity* quantity : vocabulary_.all()) names.push_back(quantity->name);
        return nearest(name, names);
    }

    // Units are converted by powers of ten and nothing else, as admission does.
    void check_unit(const std::string& unit, const model::Quantity& quantity, Position at) {
        if (unit.empty() || unit == quantity.unit) return;
        const auto known = model::find_unit(unit);
        if (model::power_between(known ? known->ucum : unit, quantity.unit)) return;
        diagnostics_.error(
            at,
            tr("\"{0}\" is not a unit of {1}", {unit, quantity.name}),
            tr("write \"{0}\", or a decimal multiple of it", {quantity.unit})
        );
    }

    const Table& document_;
    Diagnostics& diagnostics_;
    model::Vocabulary vocabulary_;
};

}  // namespace

void check_mappings(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    MappingCheck check{settings, document, diagnostics};
    for (std::size_t i = 0; i < settings.sources.size(); ++i) check.check(settings.sources[i], i);
}

}  // namespace gateway::settings
