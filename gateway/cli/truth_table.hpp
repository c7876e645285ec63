#pragma once
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway::cli {

// What is left of each field in each dataset: a row for a field, a column for a dataset, several
// tables where there are many datasets. With the class of the field where the datasets give it one.
std::string truth_table(const settings::Settings& settings);

}  // namespace gateway::cli
