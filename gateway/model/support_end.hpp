#pragma once
#include "gateway/model/time.hpp"

#include <string>

namespace gateway::model {

// The last day on which this release gets corrections: "2028-06-30". It stands in CMakeLists.txt.
std::string support_end();

// Whether that day is over, by UTC.
bool has_support_ended(Instant now);

}  // namespace gateway::model
