#include "gateway/model/quantity.hpp"

#include "gateway/model/vocabulary_table.hpp"

#include <algorithm>

namespace gateway::model {

Vocabulary::Vocabulary() {
    const auto built_in = built_in_quantities();
    quantities_.reserve(built_in.size());
    for (const BuiltInQuantity& entry : built_in) {
        add(
            {.name = std::string(entry.name),
             .unit = std::string(entry.unit),
             .min = parse_decimal(entry.min),
             .max = parse_decimal(entry.max)}
        );
    }
}

void Vocabulary::add(Quantity quantity) {
    std::string name = quantity.name;
    quantities_.insert_or_assign(std::move(name), std::move(quantity));
}

const Quantity* Vocabulary::find(std::string_view name) const {
    const auto found = quantities_.find(name);
    return found == quantities_.end() ? nullptr : &found->second;
}

std::vector<const Quantity*> Vocabulary::all() const {
    std::vector<const Quantity*> sorted;
    sorted.reserve(quantities_.size());
    for (const auto& entry : quantities_) sorted.push_back(&entry.second);
    std::sort(sorted.begin(), sorted.end(), [](const Quantity* left, const Quantity* right) {
        return left->name < right->name;
    });
    return sorted;
}

}  // namespace gateway::model
