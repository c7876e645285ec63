#pragma once
#include "gateway/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace gateway::buffer {

class SqliteConnection;

// The rows of one execution; the statement is free again when it goes. Texts and blobs are valid
// until next().
class SqliteQuery {
  public:
    explicit SqliteQuery(sqlite3_stmt* statement, int bind_code)
        : statement_(statement), bind_code_(bind_code) {}
    ~SqliteQuery();
    SqliteQuery(const SqliteQuery&) = delete;
    SqliteQuery& operator=(const SqliteQuery&) = delete;

    // True when there is another row.
    model::Result<bool> next();

    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    std::span<const std::byte> blob(int column) const;
    bool null(int column) const;

  private:
    sqlite3_stmt* statement_;
    int bind_code_;
};

// A prepared statement. A fault of preparing or binding is answered by its execution. It must go
// before its connection. What is bound must live until the query or execution ends.
class SqliteStatement {
  public:
    SqliteStatement(SqliteConnection& connection, std::string_view sql);
    ~SqliteStatement();
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    template <class... Values>
    SqliteQuery query(const Values&... values) {
        [[maybe_unused]] int position = 0;
        int code = prepare_code_;
        (keep_first(code, bind(++position, values)), ...);
        return SqliteQuery(statement_, code);
    }

    // For statements without rows.
    template <class... Values>
    model::Result<void> execute(const Values&... values) {
        auto rows = query(values...);
        const auto row = rows.next();
        if (!row) return row.error();
        return {};
    }

  private:
    static void keep_first(int& code, int next) {
        if (code == 0) code = next;
    }
    int bind(int position, std::int64_t value);
    int bind(int position, std::uint64_t value) {
        return bind(position, static_cast<std::int64_t>(value));
    }
    int bind(int position, std::string_view value);
    int bind(int position, std::span<const std::byte> value);

    sqlite3_stmt* statement_ = nullptr;
    int prepare_code_;
};

// The first column of every row.
model::Result<std::vector<std::string>> texts_of(SqliteStatement& statement);

}  // namespace gateway::buffer
