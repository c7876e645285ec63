#pragma once
#include "gateway/model/decimal.hpp"

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

// A unit as devices write it and what it means in UCUM: value_ucum = value x 10^power.
struct UnitAlias {
    std::string_view alias;  // SenML registry name (RFC 8428 12.1, RFC 8798) or a common spelling
    std::string_view ucum;
    int power = 0;  // secondary units of RFC 8798 that are a power of ten of a primary one
};

// The UCUM code of a unit as SenML or a device writes it; nothing if it is not known.
std::optional<UnitAlias> find_unit(std::string_view text);

// The quantity a bare SenML unit stands for when a record has no name of its own (Cel ->
// temperature).
std::string_view quantity_of_unit(std::string_view senml_unit);

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
