#include "gateway/buffer/step_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

namespace gateway::buffer {

StepTable::StepTable(SqliteConnection& connection)
    : all_(connection, "SELECT dataset, device, quantity, newest, taken FROM step"),
      find_(
          connection,
          "SELECT newest, taken FROM step WHERE dataset = ? AND device = ? AND quantity = ?"
      ),
      put_(
          connection,
          "INSERT OR REPLACE INTO step (dataset, device, quantity, newest, taken)"
          " VALUES (?, ?, ?, ?, ?)"
      ),
      remove_idle_(connection, "DELETE FROM step WHERE dataset = ? AND newest < ?"),
      remove_dataset_(connection, "DELETE FROM step WHERE dataset = ?"),
      remove_device_(connection, "DELETE FROM step WHERE dataset = ? AND device = ?"),
      datasets_(connection, "SELECT DISTINCT dataset FROM step") {}

model::Result<std::vector<StoredSteps>> StepTable::all() {
    std::vector<StoredSteps> rows;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return rows;
        rows.push_back(
            {std::string(query.text(0)),
             std::string(query.text(1)),
             std::string(query.text(2)),
             {query.integer(3), static_cast<std::uint64_t>(query.integer(4))}}
        );
    }
}

model::Result<void> StepTable::add(std::string_view dataset, const StepClaim& claim) {
    TakenSteps steps{claim.step, 0};
    {
        auto query =
            find_.query(dataset, std::string_view(claim.device), std::string_view(claim.quantity));
        const auto found = query.next();
        if (!found) return found.error();
        if (*found) steps = {query.integer(0), static_cast<std::uint64_t>(query.integer(1))};
    }
    steps.add(claim.step);
    return put_.execute(
        dataset,
        std::string_view(claim.device),
        std::string_view(claim.quantity),
        steps.newest,
        steps.taken
    );
}

model::Result<void> StepTable::remove_idle(std::string_view dataset, std::int64_t first) {
    return remove_idle_.execute(dataset, first);
}

model::Result<void> StepTable::remove_dataset(std::string_view dataset) {
    return remove_dataset_.execute(dataset);
}

model::Result<void> StepTable::remove_device(std::string_view dataset, std::string_view device) {
    return remove_device_.execute(dataset, device);
}

model::Result<std::vector<std::string>> StepTable::datasets() {
    return texts_of(datasets_);
}

}  // namespace gateway::buffer
