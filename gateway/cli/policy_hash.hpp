#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::cli {

// SHA-256, in hexadecimal, of what a dataset's policy says: purpose, legal basis, consent,
// retention, and each field's rule and class as they are written, in the order of the names. The
// same policy has the same hash on every box; comments, order and titles do not change it.
std::string policy_hash(const settings::Dataset& dataset);

}  // namespace gateway::cli
