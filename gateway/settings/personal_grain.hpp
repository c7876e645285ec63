#pragma once
#include "gateway/settings/settings.hpp"

#include <string>
#include <string_view>

namespace gateway::settings {

// A finer series of one meter tells when people rise, leave and come home; a day tells that they
// are away.
inline constexpr seconds kPersonalGrainMin{86400};

// Whether a quantity is what a household's meter measures: volume, energy, flow or power of water,
// gas, heat or electricity. Goes by the vocabulary's names, so that a [[quantity]] named below one
// of them ("water.volume.garden") is one too.
bool is_metered(std::string_view quantity);

// Whether a dataset tells single meters apart at a finer grain than a day. Many readings of a day
// are, though all of them have its date: their order is the curve.
bool has_personal_grain(const Dataset& dataset);

// A metered quantity that a source of the dataset is configured to give; empty if there is none.
// What devices name themselves is known only when they send it.
std::string metered_quantity(const Settings& settings, const Dataset& dataset);

}  // namespace gateway::settings
