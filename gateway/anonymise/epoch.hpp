#pragma once
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// Epochs of pseudonyms follow each other from 1970 in UTC; with a length of 0 there is one, number
// 0, for ever.
std::int64_t epoch_number(model::Instant now, std::chrono::seconds length);

// The name in a KeySource of the key of a dataset's epoch.
std::string epoch_key_name(
    std::string_view dataset, std::chrono::seconds length, std::int64_t number
);

}  // namespace gateway::anonymise
