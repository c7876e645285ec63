#include "gateway/buffer/token_table.hpp"

#include "gateway/buffer/sqlite_connection.hpp"

#include <algorithm>
#include <span>

namespace gateway::buffer {
namespace {

IdentityPrint print_of(std::span<const std::byte> blob) {
    IdentityPrint print{};
    std::copy_n(blob.begin(), std::min(blob.size(), print.size()), print.begin());
    return print;
}

std::span<const std::byte> bytes_of(const IdentityPrint& print) {
    return print;
}

}  // namespace

TokenTable::TokenTable(SqliteConnection& connection)
    : all_(connection, "SELECT dataset, identity, token FROM token"),
      find_(connection, "SELECT token FROM token WHERE dataset = ? AND identity = ?"),
      put_(connection, "INSERT OR REPLACE INTO token (dataset, identity, token) VALUES (?, ?, ?)"),
      owner_(connection, "SELECT identity FROM token WHERE dataset = ? AND token = ?"),
      remove_(connection, "DELETE FROM token WHERE dataset = ? AND identity = ?"),
      datasets_(connection, "SELECT DISTINCT dataset FROM token"),
      remove_dataset_(connection, "DELETE FROM token WHERE dataset = ?") {}

model::Result<std::vector<VaultToken>> TokenTable::all() {
    std::vector<VaultToken> rows;
    auto query = all_.query();
    while (true) {
        const auto found = query.next();
        if (!found) return found.error();
        if (!*found) return rows;
        rows.push_back(
            {std::string(query.text(0)), print_of(query.blob(1)), std::string(query.text(2))}
        );
    }
}

model::Result<std::optional<std::string>> TokenTable::find(
    std::string_view dataset, const IdentityPrint& identity
) {
    auto query = find_.query(dataset, bytes_of(identity));
    const auto found = query.next();
    if (!found) return found.error();
    if (!*found) return std::optional<std::string>{};
    return std::optional<std::string>{query.text(0)};
}

model::Result<void> TokenTable::put(const VaultToken& row) {
    return put_.execute(
        std::string_view(row.dataset), bytes_of(row.identity), std::string_view(row.token)
    );
}

model::Result<std::optional<VaultToken>> TokenTable::owner_of(
    std::string_view dataset, std::string_view token
) {
    auto query = owner_.query(dataset, token);
    const auto found = query.next();
    if (!found) return found.error();
    if (!*found) return std::optional<VaultToken>{};
    return std::optional<VaultToken>{
        VaultToken{std::string(dataset), print_of(query.blob(0)), std::string(token)}};
}

model::Result<std::vector<std::string>> TokenTable::datasets() {
    return texts_of(datasets_);
}

model::Result<void> TokenTable::remove_dataset(std::string_view dataset) {
    return remove_dataset_.execute(dataset);
}

model::Result<void> TokenTable::remove(const VaultToken& row) {
    return remove_.execute(std::string_view(row.dataset), bytes_of(row.identity));
}

}  // namespace gateway::buffer
