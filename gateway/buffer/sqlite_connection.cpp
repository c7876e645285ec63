#include "gateway/buffer/sqlite_connection.hpp"

#include "gateway/buffer/checked_vfs.hpp"
#include "gateway/buffer/error.hpp"
#include "gateway/buffer/page_checksum.hpp"
#include "gateway/buffer/pages_vfs.hpp"
#include "gateway/buffer/sqlite_statement.hpp"

#include <sqlite3.h>

#include <utility>

namespace gateway::buffer {
namespace {

// The base's destructor is protected: nobody deletes a category through it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class Category final : public boost::system::error_category {
  public:
    const char* name() const noexcept override { return "sqlite"; }
    std::string message(int code) const override { return sqlite3_errstr(code); }
};
#pragma GCC diagnostic pop

int on_commit(void* log_frames, sqlite3* /*handle*/, const char* /*schema*/, int frames) {
    *static_cast<std::uint64_t*>(log_frames) = static_cast<std::uint64_t>(frames);
    return SQLITE_OK;
}

}  // namespace

boost::system::error_code sqlite_error(int code) {
    static const Category category;
    if (code == SQLITE_IOERR_DATA) return Errc::damaged;
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::in_use;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::damaged;
        case SQLITE_FULL:
            return Errc::full;
        default:
            return {code, category};
    }
}

SqliteConnection::SqliteConnection(sqlite3* handle)
    : handle_(handle), log_frames_(std::make_unique<std::uint64_t>(0)) {
    sqlite3_wal_hook(handle_, on_commit, log_frames_.get());
}

SqliteConnection::SqliteConnection(SqliteConnection&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), log_frames_(std::move(other.log_frames_)) {}

SqliteConnection::~SqliteConnection() {
    sqlite3_close_v2(handle_);
}

model::Result<SqliteConnection> SqliteConnection::open(
    const std::string& path, const std::string& vfs
) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, checked_vfs(vfs).c_str());
    if (handle == nullptr) return sqlite_error(code);  // not even memory for a handle
    SqliteConnection connection(handle);
    if (code != SQLITE_OK) return sqlite_error(code);
    if (auto prepared = connection.prepare(); !prepared) return prepared.error();
    return connection;
}

model::Result<SqliteConnection> SqliteConnection::look_at(const std::string& path) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, pages_vfs().c_str());
    if (handle == nullptr) return sqlite_error(code);
    SqliteConnection connection(handle);
    if (code != SQLITE_OK) return sqlite_error(code);
    auto prepared = connection.execute(
        "PRAGMA cache_size=-512; PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF"
    );
    if (!prepared) return prepared.error();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return connection;
}

model::Result<void> SqliteConnection::prepare() {
    // First, since what follows may fail on a damaged file: a checkpoint at close would then remove
    // the log that the salvage needs. It would also hide the errors of ours.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // Exclusive before the log is first used: the log's index is then in this process's memory, and
    // no second process gets in.
    auto prepared = execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA page_size=4096;");
    if (!prepared) return prepared;
    int reserve = kPageReserveBytes;  // of a new file; see checked_vfs.hpp
    sqlite3_file_control(handle_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
    prepared = execute(
        "PRAGMA auto_vacuum=NONE;"
        "PRAGMA journal_mode=WAL;"
        "PRAGMA synchronous=FULL;"
        "PRAGMA cache_size=-512;"
        "PRAGMA temp_store=MEMORY;"
        "PRAGMA trusted_schema=OFF;"
    );
    if (!prepared) return prepared;
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    const auto journal = text("PRAGMA journal_mode");
    if (!journal) return journal.error();
    if (*journal != "wal") return sqlite_error(SQLITE_CANTOPEN);
    return {};
}

model::Result<void> SqliteConnection::execute(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_error(code);
    return {};
}

model::Result<std::int64_t> SqliteConnection::integer(const char* sql) {
    SqliteStatement statement(*this, sql);
    auto query = statement.query();
    const auto row = query.next();
    if (!row) return row.error();
    return query.integer(0);
}

model::Result<std::string> SqliteConnection::text(const char* sql) {
    SqliteStatement statement(*this, sql);
    auto query = statement.query();
    const auto row = query.next();
    if (!row) return row.error();
    return std::string(query.text(0));
}

bool SqliteConnection::autocommit() const {
    return sqlite3_get_autocommit(handle_) != 0;
}

std::int64_t SqliteConnection::changed_rows() const {
    return sqlite3_changes64(handle_);
}

std::uint64_t SqliteConnection::frames_written() const {
    int written = 0;
    int highest = 0;
    sqlite3_db_status(handle_, SQLITE_DBSTATUS_CACHE_WRITE, &written, &highest, 0);
    return static_cast<std::uint32_t>(written);
}

model::Result<std::uint64_t> SqliteConnection::checkpoint(bool truncate) {
    int in_log = 0;
    int copied = 0;
    const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    const int code = sqlite3_wal_checkpoint_v2(handle_, "main", mode, &in_log, &copied);
    if (code != SQLITE_OK) return sqlite_error(code);
    // What was moved in the pages that are in memory would come back into the log with them.
    if (truncate) sqlite3_db_release_memory(handle_);
    return std::exchange(*log_frames_, 0);
}

model::Result<void> rewrite_table(SqliteConnection& connection, const std::string& table) {
    const std::string sql = "CREATE TEMP TABLE rewritten AS SELECT * FROM main." + table +
                            "; DELETE FROM main." + table + "; INSERT INTO main." + table +
                            " SELECT * FROM temp.rewritten; DROP TABLE temp.rewritten";
    return connection.execute(sql.c_str());
}

model::Result<void> SqliteTransaction::begin() {
    return connection_.execute("BEGIN IMMEDIATE");
}

model::Result<void> SqliteTransaction::commit() {
    return connection_.execute("COMMIT");
}

SqliteTransaction::~SqliteTransaction() {
    if (connection_.autocommit()) return;
    // What a failed rollback leaves is rolled back by the next open; nothing was promised about it.
    [[maybe_unused]] const auto rolled_back = connection_.execute("ROLLBACK");
}

}  // namespace gateway::buffer
