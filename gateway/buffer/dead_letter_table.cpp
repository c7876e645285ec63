#include "gateway/buffer/dead_letter_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/runtime/clock.hpp"

namespace gateway::buffer {
namespace {

constexpr std::int64_t kDatesFrom = runtime::kDatesFrom.time_since_epoch().count();

}  // namespace

DeadLetterTable::DeadLetterTable(SqliteConnection& connection)
    : insert_(
          connection,
          "INSERT INTO dead_letter (uplink, dataset, buried_at, cause, sequence, device, quantity,"
          " unit, mantissa, exponent, observed_at, time_quality, attributes)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      trim_(
          connection,
          "DELETE FROM dead_letter WHERE id IN (SELECT id FROM dead_letter"
          " WHERE uplink = ? AND dataset = ? ORDER BY id DESC LIMIT -1 OFFSET ?)"
      ),
      date_(connection, "UPDATE dead_letter SET buried_at = buried_at + ? WHERE buried_at < ?"),
      remove_(
          connection,
          "DELETE FROM dead_letter WHERE dataset = ? AND buried_at >= ? AND buried_at < ?"
      ),
      rows_(
          connection,
          "SELECT id, sequence, device, quantity, unit, mantissa, exponent, observed_at,"
          " time_quality, attributes, uplink, cause FROM dead_letter"
          " WHERE dataset = ? AND id > ? ORDER BY id"
      ),
      remove_one_(connection, "DELETE FROM dead_letter WHERE id = ?") {}

model::Result<void> DeadLetterTable::insert(
    const QueueName& queue, const Batch& batch, std::string_view cause, model::Instant now
) {
    const std::string_view uplink = queue.uplink;
    const std::string_view dataset = queue.dataset;
    for (const StoredReading& reading : batch.readings) {
        const QuantityName& quantity = batch.quantities[reading.quantity];
        auto inserted = insert_.execute(
            uplink,
            dataset,
            now.time_since_epoch().count(),
            cause.substr(0, kCauseBytesMax),
            reading.sequence,
            std::string_view(batch.devices[reading.device]),
            std::string_view(quantity.name),
            std::string_view(quantity.unit),
            reading.value.mantissa,
            std::int64_t{reading.value.exponent},
            reading.observed_at.time_since_epoch().count(),
            static_cast<std::int64_t>(reading.time_quality),
            std::string_view(batch.attributes[reading.attributes])
        );
        if (!inserted) return inserted;
    }
    return trim_.execute(uplink, dataset, kDeadLettersMax);
}

model::Result<void> DeadLetterTable::date(model::Instant began) {
    return date_.execute(began.time_since_epoch().count(), kDatesFrom);
}

model::Result<void> DeadLetterTable::remove_older(std::string_view dataset, model::Instant than) {
    return remove_.execute(dataset, kDatesFrom, than.time_since_epoch().count());
}

model::Result<void> DeadLetterTable::each(
    std::string_view dataset, std::uint64_t after, const PersonVisitor& visit
) {
    auto query = rows_.query(dataset, after);
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return {};
        PersonRow row;
        row.position = static_cast<std::uint64_t>(query.integer(0));
        row.sequence = static_cast<std::uint64_t>(query.integer(1));
        row.device = query.text(2);
        row.quantity = query.text(3);
        row.unit = query.text(4);
        row.value.mantissa = query.integer(5);
        row.value.exponent = static_cast<std::int8_t>(query.integer(6));
        row.observed_at = model::Instant(model::Instant::duration(query.integer(7)));
        row.time_quality = static_cast<model::TimeQuality>(query.integer(8));
        row.attributes = query.text(9);
        row.uplink = query.text(10);
        row.cause = query.text(11);
        if (!visit(row)) return {};
    }
}

model::Result<void> DeadLetterTable::remove(std::uint64_t position) {
    return remove_one_.execute(position);
}

}  // namespace gateway::buffer
