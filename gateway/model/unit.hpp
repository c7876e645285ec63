#pragma once
#include <optional>
#include <string_view>

namespace gateway::model {

// A unit as devices write it and what it means in UCUM: value_ucum = value x 10^power.
struct UnitAlias {
    std::string_view alias;
    std::string_view ucum;
    int power = 0;  // only where UCUM has no usual code for the multiple (Bspl, mW/cm2)
};

// The UCUM code of a unit as a device writes it: a name of the SenML units registry (RFC 8428
// section 12.1) or of the secondary units (RFC 8798 section 3), which keep their multiple (kW
// stays kW: power_between of unit_scale.hpp converts), a UCUM code the vocabulary uses, or a
// common spelling (°C, m³, kWh). Where SenML and UCUM differ, SenML wins ("C" is coulomb).
// Nothing if it is not known.
std::optional<UnitAlias> find_unit(std::string_view text);

// The quantity a bare unit stands for when a record says nothing else (Cel -> temperature); empty
// if it stands for none.
std::string_view quantity_of_unit(std::string_view unit);

}  // namespace gateway::model
