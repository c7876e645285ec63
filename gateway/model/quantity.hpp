#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/unit.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::model {

// A kind of measurement: what is measured, in which unit it is stored, and what is plausible.
struct Quantity {
    std::string name;              // "water.volume": dotted, lower case
    std::string unit;              // UCUM case sensitive code: "m3", "Cel", "kW.h", "1"
    std::optional<Decimal> min{};  // in `unit`, inclusive
    std::optional<Decimal> max{};
};

// Every quantity the gateway may store: the built-in table and what the configuration adds.
// Addresses of entries are stable for the vocabulary's life.
class Vocabulary {
  public:
    Vocabulary();  // the built-in table

    // Adds or replaces an entry; only before the gateway runs.
    void add(Quantity quantity);

    const Quantity* find(std::string_view name) const;
    std::vector<const Quantity*> all() const;  // sorted by name

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, Quantity, Hash, std::equal_to<>> quantities_;
};

}  // namespace gateway::model
