#include "gateway/buffer/erasure_order_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

namespace gateway::buffer {
namespace {

// The row of a query of dataset, attribute, text and device_base joins the order.
void append_row(ErasureOrder& order, const SqliteQuery& row) {
    const std::string_view dataset = row.text(0);
    if (order.datasets.empty() || order.datasets.back().name != dataset)
        order.datasets.emplace_back().name = dataset;
    order.datasets.back().traits.push_back(Trait{std::string(row.text(1)), std::string(row.text(2))}
    );
    order.device_base = static_cast<std::uint64_t>(row.integer(3));
}

}  // namespace

ErasureOrderTable::ErasureOrderTable(SqliteConnection& connection)
    : insert_(
          connection,
          "INSERT INTO erasing (dataset, attribute, text, device_base) VALUES (?, ?, ?, ?)"
      ),
      next_(
          connection,
          "SELECT dataset, attribute, text, device_base FROM erasing"
          " WHERE device_base = (SELECT min(device_base) FROM erasing) ORDER BY dataset, id"
      ),
      all_(
          connection,
          "SELECT dataset, attribute, text, device_base FROM erasing"
          " ORDER BY device_base, dataset, id"
      ),
      highest_base_(connection, "SELECT ifnull(max(device_base), 0) FROM erasing"),
      remove_(connection, "DELETE FROM erasing WHERE device_base = ?") {}

model::Result<void> ErasureOrderTable::insert(const ErasureOrder& order) {
    for (const auto& dataset : order.datasets) {
        for (const Trait& trait : dataset.traits) {
            auto inserted = insert_.execute(
                std::string_view(dataset.name),
                std::string_view(trait.attribute),
                std::string_view(trait.text),
                order.device_base
            );
            if (!inserted) return inserted;
        }
    }
    return {};
}

model::Result<ErasureOrder> ErasureOrderTable::next() {
    ErasureOrder order;
    auto query = next_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return order;
        append_row(order, query);
    }
}

model::Result<std::vector<ErasureOrder>> ErasureOrderTable::all() {
    std::vector<ErasureOrder> orders;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return orders;
        const auto base = static_cast<std::uint64_t>(query.integer(3));
        if (orders.empty() || orders.back().device_base != base) orders.emplace_back();
        append_row(orders.back(), query);
    }
}

model::Result<std::uint64_t> ErasureOrderTable::highest_base() {
    auto query = highest_base_.query();
    const auto found = query.next();
    if (!found) return found.error();
    return static_cast<std::uint64_t>(query.integer(0));
}

model::Result<void> ErasureOrderTable::remove(const ErasureOrder& done) {
    return remove_.execute(done.device_base);
}

}  // namespace gateway::buffer
