#include "gateway/buffer/sqlite_schema.hpp"

#include "gateway/buffer/error.hpp"

#include <string>

namespace gateway::buffer {
namespace {

model::Result<void> set_number(SqliteConnection& connection, const char* name, std::int64_t value) {
    const std::string statement = std::string("PRAGMA ") + name + '=' + std::to_string(value);
    return connection.execute(statement.c_str());
}

}  // namespace

model::Result<std::int64_t> SqliteSchema::version(SqliteConnection& connection) const {
    const auto version = connection.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto owner = connection.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto tables = connection.integer("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tables.error();
    const bool fresh = *version == 0 && *owner == 0 && *tables == 0;
    if (!fresh && *owner != application_id_) return Errc::damaged;
    if (*version > newest()) return Errc::newer_schema;
    return version;
}

model::Result<void> SqliteSchema::migrate(SqliteConnection& connection) const {
    const auto found = version(connection);
    if (!found) return found.error();
    for (std::int64_t from = *found; from < newest(); ++from) {
        SqliteTransaction transaction(connection);
        if (auto begun = transaction.begin(); !begun) return begun;
        const char* const up = steps_[static_cast<std::size_t>(from)].up;
        if (auto done = connection.execute(up); !done) return done;
        if (auto owned = set_number(connection, "application_id", application_id_); !owned)
            return owned;
        if (auto risen = set_number(connection, "user_version", from + 1); !risen) return risen;
        if (auto committed = transaction.commit(); !committed) return committed;
    }
    return {};
}

std::int64_t SqliteSchema::floor_above(std::int64_t to, std::int64_t from) const {
    for (std::int64_t version = from; version > to; --version) {
        if (steps_[static_cast<std::size_t>(version - 1)].down.statements() == nullptr)
            return version;
    }
    return 0;
}

model::Result<void> SqliteSchema::descend(SqliteConnection& connection, std::int64_t to) const {
    const auto found = version(connection);
    if (!found) return found.error();
    if (*found <= to) return {};
    SqliteTransaction transaction(connection);
    if (auto begun = transaction.begin(); !begun) return begun;
    for (std::int64_t from = *found; from > to; --from) {
        const char* const down = steps_[static_cast<std::size_t>(from - 1)].down.statements();
        if (auto done = connection.execute(down); !done) return done;
    }
    if (auto lowered = set_number(connection, "user_version", to); !lowered) return lowered;
    return transaction.commit();
}

}  // namespace gateway::buffer
