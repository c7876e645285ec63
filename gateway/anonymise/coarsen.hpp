#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/time.hpp"

#include <chrono>
#include <optional>
#include <span>

namespace gateway::anonymise {

// The start of the step that holds `time`, counted from 1970 in UTC (ISO/IEC 20889:
// generalisation). Answers against reading routines out of exact times; steps below a day hide
// little of a household's life.
model::Instant coarsened(model::Instant time, std::chrono::seconds step);

// The multiple of `step` nearest to `value`, half to even, in exact decimal arithmetic, written
// with the step's digits (ISO/IEC 20889: rounding). Nothing if the result does not fit a Decimal.
// `step` is positive.
std::optional<model::Decimal> rounded(model::Decimal value, model::Decimal step);

// The highest of `edges` that is not above `value` (ISO/IEC 20889: generalisation): values between
// two edges become one, and what is above the last edge is no longer told apart. Nothing below the
// first edge. `edges` ascend and come from the configuration, never from what is measured.
std::optional<model::Decimal> binned(model::Decimal value, std::span<const model::Decimal> edges);

// `value`, or the bound that it is beyond (ISO/IEC 20889: top and bottom coding). Answers against
// being told by a rare value; hides nothing between the bounds.
model::Decimal topcoded(
    model::Decimal value, std::optional<model::Decimal> min, std::optional<model::Decimal> max
);

// The south-west corner of the grid cell that holds `position` (ISO/IEC 20889: generalisation).
// Cells are `metres` high and about as wide at every latitude; the grid is fixed, so that repeated
// readings reveal nothing more. Nothing for a position that is not on the Earth.
std::optional<model::Position> grid_cell(const model::Position& position, int metres);

}  // namespace gateway::anonymise
