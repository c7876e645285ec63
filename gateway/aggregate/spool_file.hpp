#pragma once
#include "gateway/aggregate/generation.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/model/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gateway::aggregate {

// A result as it leaves, byte for byte the same however often it is asked for.
struct FrozenRelease {
    std::uint64_t number = 0;
    std::string dataset;  // Rules::dataset
    std::string body;
};

// The file in which windows wait and results are frozen, and its generation; every dataset shares
// it. Blocks; one thread at a time, the storage thread. Aggregations that use it go before it.
class SpoolFile {
  public:
    struct Place {
        std::string database;    // made when there is none
        std::string generation;  // of another directory than the database, beside the keys
        std::string vfs{};       // as for SqliteConnection::open
    };

    // A damaged database is not opened (buffer::Errc::damaged): what it says about the budget could
    // be anything. An error of the generation does not prevent the opening: see may_release().
    static model::Result<std::unique_ptr<SpoolFile>> open(const Place& place);

    buffer::SqliteConnection& connection() { return connection_; }

    // Why nothing is released from this file: Errc::rolled_back, Errc::generation_lost, or what the
    // disk said. What was frozen before can still be read.
    model::Result<void> may_release() const { return may_release_; }

    // One transaction that changes no generation.
    model::Result<void> transact(const std::function<model::Result<void>()>& write);

    // A release: one transaction between the two notes of the generation. When it answers, what
    // `write` did is on the disk and may leave. After an error nothing is released any more before
    // the file is opened again.
    model::Result<void> release(const std::function<model::Result<void>()>& write);

    // The first result with a number above this one. A recipient's cursor is the number.
    model::Result<std::optional<FrozenRelease>> next_release(std::uint64_t after);

    // Every recipient has those up to this number. What they cost stays written down.
    model::Result<void> forget_releases(std::uint64_t last);

  private:
    SpoolFile(buffer::SqliteConnection connection, const std::string& generation);

    model::Result<void> load();

    buffer::SqliteConnection connection_;
    Generation generation_;
    buffer::SqliteStatement save_generation_;
    buffer::SqliteStatement next_release_;
    buffer::SqliteStatement forget_releases_;
    std::uint64_t releases_ = 0;  // the generation of the database
    model::Result<void> may_release_;
};

}  // namespace gateway::aggregate
