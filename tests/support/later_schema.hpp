#pragma once
#include "gateway/buffer/schema.hpp"

#include <vector>

namespace tests::support {

// The store's schema with steps that later releases may have: one that adds a table and a column,
// and can be undone; then one that is a floor. For tests of what holds for every such step.
class LaterSchema {
  public:
    static constexpr std::int64_t kUndoable = gateway::buffer::kSchemaVersion + 1;
    static constexpr std::int64_t kFloor = kUndoable + 1;
    static constexpr const char* kWhy = "this step is a floor";

    // Up to kUndoable.
    static const gateway::buffer::SqliteSchema& undoable() {
        static const auto steps = steps_with(false);
        static const gateway::buffer::SqliteSchema schema{kApplicationId, steps};
        return schema;
    }

    // Up to kFloor.
    static const gateway::buffer::SqliteSchema& with_floor() {
        static const auto steps = steps_with(true);
        static const gateway::buffer::SqliteSchema schema{kApplicationId, steps};
        return schema;
    }

  private:
    using Step = gateway::buffer::SchemaStep;
    using Down = gateway::buffer::WayDown;
    static constexpr std::int64_t kApplicationId = 0x70617372;

    static std::vector<Step> steps_with(bool floor) {
        const auto known = gateway::buffer::store_schema().steps();
        std::vector<Step> steps(known.begin(), known.end());
        steps.push_back(
            {"CREATE TABLE novelty (id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
             "INSERT INTO novelty (text) SELECT name FROM device;"
             "ALTER TABLE device ADD COLUMN seen INTEGER NOT NULL DEFAULT 7;",
             Down::by("DROP TABLE novelty; ALTER TABLE device DROP COLUMN seen;")}
        );
        if (floor) steps.push_back({"DELETE FROM novelty;", Down::none(kWhy)});
        return steps;
    }
};

}  // namespace tests::support
