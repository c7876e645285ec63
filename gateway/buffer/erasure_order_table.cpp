#include "gateway/buffer/erasure_order_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>

namespace gateway::buffer {

ErasureOrderTable::ErasureOrderTable(SqliteConnection& connection)
    : insert_(
          connection,
          "INSERT INTO erasing (dataset, attribute, text, device_base) VALUES (?, ?, ?, ?)"
      ),
      all_(
          connection,
          "SELECT dataset, attribute, text, device_base FROM erasing ORDER BY dataset, id"
      ),
      clear_(connection, "DELETE FROM erasing") {}

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

// The base of a later order holds for an earlier one, too: no reading uses numbers below it.
model::Result<ErasureOrder> ErasureOrderTable::load() {
    ErasureOrder order;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return order;
        const std::string_view dataset = query.text(0);
        if (order.datasets.empty() || order.datasets.back().name != dataset)
            order.datasets.emplace_back().name = dataset;
        order.datasets.back().traits.push_back(Trait{
            std::string(query.text(1)), std::string(query.text(2))});
        order.device_base =
            std::max(order.device_base, static_cast<std::uint64_t>(query.integer(3)));
    }
}

model::Result<void> ErasureOrderTable::clear() {
    return clear_.execute();
}

}  // namespace gateway::buffer
