#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway {

// The way in of a sum's releases: a source of the dataset that takes them, whose frames are frozen
// results (aggregate/frozen_result.hpp). It has no driver of its own: Sums submits its frames.
settings::Source source_of(const settings::Sum& sum, const settings::Settings& settings);

// The consumer that a sum is for the buffer: a queue of the dataset it reads.
settings::Uplink consumer_of(const settings::Sum& sum);

// What pipeline and buffer are made of: the configuration, behind its own sources and uplinks those
// of the sums, in their order.
settings::Settings with_sums(const settings::Settings& settings);

}  // namespace gateway
