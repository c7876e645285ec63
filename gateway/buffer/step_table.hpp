#pragma once
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/step_claim.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// The `step` table.
class StepTable {
  public:
    // Of a row in its page beside its texts, with what the tree around it needs.
    static constexpr std::uint64_t kRowBytes = 64;

    explicit StepTable(SqliteConnection& connection);

    model::Result<std::vector<StoredSteps>> all();
    model::Result<void> add(std::string_view dataset, const StepClaim& claim);
    // Series without a step from `first` on.
    model::Result<void> remove_idle(std::string_view dataset, std::int64_t first);
    model::Result<void> remove_dataset(std::string_view dataset);
    model::Result<void> remove_device(std::string_view dataset, std::string_view device);
    model::Result<std::vector<std::string>> datasets();

  private:
    SqliteStatement all_;
    SqliteStatement find_;
    SqliteStatement put_;
    SqliteStatement remove_idle_;
    SqliteStatement remove_dataset_;
    SqliteStatement remove_device_;
    SqliteStatement datasets_;
};

}  // namespace gateway::buffer
