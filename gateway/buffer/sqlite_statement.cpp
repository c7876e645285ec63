#include "gateway/buffer/sqlite_statement.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <sqlite3.h>

namespace gateway::buffer {

SqliteQuery::~SqliteQuery() {
    sqlite3_reset(statement_);
}

model::Result<bool> SqliteQuery::next() {
    if (bind_code_ != SQLITE_OK) return sqlite_error(bind_code_);
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return sqlite_error(code);
}

std::int64_t SqliteQuery::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteQuery::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::byte> SqliteQuery::blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool SqliteQuery::null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

SqliteStatement::SqliteStatement(SqliteConnection& connection, std::string_view sql)
    : prepare_code_(sqlite3_prepare_v3(
          connection.handle(),
          sql.data(),
          static_cast<int>(sql.size()),
          SQLITE_PREPARE_PERSISTENT,
          &statement_,
          nullptr
      )) {}

SqliteStatement::~SqliteStatement() {
    sqlite3_finalize(statement_);
}

int SqliteStatement::bind(int position, std::int64_t value) {
    return sqlite3_bind_int64(statement_, position, value);
}

int SqliteStatement::bind(int position, std::string_view value) {
    const char* text = value.empty() ? "" : value.data();  // a null pointer would bind NULL
    return sqlite3_bind_text(
        statement_, position, text, static_cast<int>(value.size()), SQLITE_STATIC
    );
}

int SqliteStatement::bind(int position, std::span<const std::byte> value) {
    return sqlite3_bind_blob(
        statement_, position, value.data(), static_cast<int>(value.size()), SQLITE_STATIC
    );
}

model::Result<std::vector<std::string>> texts_of(SqliteStatement& statement) {
    std::vector<std::string> texts;
    auto query = statement.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return texts;
        texts.emplace_back(query.text(0));
    }
}

}  // namespace gateway::buffer
