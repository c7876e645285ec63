#pragma once
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

namespace gateway::settings {

// [[sum]]. A faulty one comes back as far as it could be read.
Sum read_sum(const Value& value, Loading& loading);

}  // namespace gateway::settings
