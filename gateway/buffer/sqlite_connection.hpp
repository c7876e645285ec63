#pragma once
#include "gateway/model/result.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;

namespace gateway::buffer {

// The one connection to the database file: it does all writes and all checkpoints. Until SQLite
// 3.51.3 two connections that write and checkpoint at the same time can corrupt the file, so no
// other may be open. One thread at a time.
class SqliteConnection {
  public:
    static constexpr std::uint64_t kPageBytes = 4096;
    static constexpr std::uint64_t kFrameBytes = kPageBytes + 24;  // of the write-ahead log

    // Opens the file, which must exist, through the named VFS (empty: the system's), with a
    // checksum in every page, and takes it for this process alone (Errc::in_use when another has
    // it).
    static model::Result<SqliteConnection> open(const std::string& path, const std::string& vfs);

    // Opens the file only to look at it, whoever uses it: through pages_vfs.hpp, which says what is
    // seen.
    static model::Result<SqliteConnection> look_at(const std::string& path);

    ~SqliteConnection();
    SqliteConnection(SqliteConnection&& other) noexcept;
    SqliteConnection& operator=(SqliteConnection&&) = delete;
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    // Runs statements without parameters and results.
    model::Result<void> execute(const char* sql);
    // The first column of the first row.
    model::Result<std::int64_t> integer(const char* sql);
    model::Result<std::string> text(const char* sql);

    // False inside a transaction. SQLite rolls some failed transactions back by itself.
    bool autocommit() const;
    std::int64_t changed_rows() const;

    // Frames in the write-ahead log after the last commit.
    std::uint64_t log_frames() const { return *log_frames_; }
    // Frames written to the write-ahead log since the open, spilled ones included.
    std::uint64_t frames_written() const;

    // Copies the log into the database file and syncs it, so that the next transaction starts the
    // log anew; `truncate` also empties the log's file, and forgets the pages in memory. Answers
    // the frames that were in the log.
    model::Result<std::uint64_t> checkpoint(bool truncate);

    sqlite3* handle() const { return handle_; }

  private:
    explicit SqliteConnection(sqlite3* handle);
    model::Result<void> prepare();
    sqlite3* handle_;
    std::unique_ptr<std::uint64_t> log_frames_;  // at a fixed address: the commit hook writes it
};

// Writes all rows of a table anew, inside a transaction, so that nothing of removed ones is left in
// its pages: with secure_delete SQLite wipes what it frees, but not what it moved to another page.
model::Result<void> rewrite_table(SqliteConnection& connection, const std::string& table);

// The code as an error: one of Errc where it has a meaning of its own, otherwise with the category
// "sqlite".
boost::system::error_code sqlite_error(int code);

// A transaction that is rolled back unless it was committed.
class SqliteTransaction {
  public:
    explicit SqliteTransaction(SqliteConnection& connection) : connection_(connection) {}
    ~SqliteTransaction();
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;

    model::Result<void> begin();
    model::Result<void> commit();

  private:
    SqliteConnection& connection_;
};

}  // namespace gateway::buffer
