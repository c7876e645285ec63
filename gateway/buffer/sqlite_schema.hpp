#pragma once
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/model/result.hpp"

#include <cstdint>
#include <span>

namespace gateway::buffer {

// How a step of a schema is undone for an earlier release; or why it cannot be. There is no third
// answer, and none by default: who writes a step says which.
class WayDown {
  public:
    // Statements that leave everything the earlier version has as it would have been without the
    // step, with what was stored since.
    static constexpr WayDown by(const char* statements) { return {statements, nullptr}; }
    // Nothing does; why, as a text for people: model::translatable("…").
    static constexpr WayDown none(const char* why) { return {nullptr, why}; }

    constexpr const char* statements() const { return statements_; }  // null: it is a floor
    constexpr const char* why() const { return why_; }

  private:
    constexpr WayDown(const char* statements, const char* why)
        : statements_(statements), why_(why) {}

    const char* statements_;
    const char* why_;
};

// From one version to the next.
struct SchemaStep {
    const char* up;
    WayDown down;
};

// The versions of a database, whose file has its own in user_version and says in application_id
// whose it is. The step at index n brings a file of version n to version n + 1.
class SqliteSchema {
  public:
    constexpr SqliteSchema(std::int64_t application_id, std::span<const SchemaStep> steps)
        : application_id_(application_id), steps_(steps) {}

    std::int64_t newest() const { return static_cast<std::int64_t>(steps_.size()); }
    std::span<const SchemaStep> steps() const { return steps_; }

    // The version of the file; 0 when it is empty. Errc::newer_schema when a newer release wrote
    // it, Errc::damaged when it is somebody else's database.
    model::Result<std::int64_t> version(SqliteConnection& connection) const;

    // Creates the tables, or brings an older file up to the newest version, each step in a
    // transaction of its own. Errors as of version().
    model::Result<void> migrate(SqliteConnection& connection) const;

    // The step that keeps a file of the version `from` from being brought down to `to`, by its
    // version; 0: there is none.
    std::int64_t floor_above(std::int64_t to, std::int64_t from) const;

    // Brings the file down to an earlier version, all steps in one transaction. Nothing happens to
    // one that is there already, or below. No floor may be above it. Errors as of version().
    model::Result<void> descend(SqliteConnection& connection, std::int64_t to) const;

  private:
    std::int64_t application_id_;
    std::span<const SchemaStep> steps_;
};

}  // namespace gateway::buffer
