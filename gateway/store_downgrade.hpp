#pragma once
#include "gateway/cli/store_downgrade.hpp"
#include "gateway/model/result.hpp"
#include "gateway/releases.hpp"
#include "gateway/settings/settings.hpp"

#include <string>

namespace gateway {

// See cli/store_downgrade.hpp. `release` is a version of the program or of its package: "0.1.0-1".
model::Result<cli::Downgraded, std::string> downgrade_store(
    const settings::Settings& settings, const std::string& release
);

// The databases of a gateway and how they change.
struct StoreSchemas {
    const buffer::SqliteSchema& store;
    const buffer::SqliteSchema& sums;
    const buffer::SqliteSchema& updates;
};

// The same with other schemas, down to those that `release` has.
model::Result<cli::Downgraded, std::string> downgrade_store(
    const settings::Settings& settings, const Release& release, const StoreSchemas& schemas
);

}  // namespace gateway
