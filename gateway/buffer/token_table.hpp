#pragma once
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/buffer/vault_token.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// The `token` table.
class TokenTable {
  public:
    // Of a row in its page, with what the tree around it needs.
    static constexpr std::uint64_t kRowBytes = 128;

    explicit TokenTable(SqliteConnection& connection);

    model::Result<std::vector<VaultToken>> all();
    model::Result<std::optional<std::string>> find(
        std::string_view dataset, const IdentityPrint& identity
    );
    model::Result<void> put(const VaultToken& row);
    // Whose token this is, nothing if nobody's.
    model::Result<std::optional<VaultToken>> owner_of(
        std::string_view dataset, std::string_view token
    );
    model::Result<void> remove(const VaultToken& row);
    model::Result<std::vector<std::string>> datasets();
    model::Result<void> remove_dataset(std::string_view dataset);

  private:
    SqliteStatement all_;
    SqliteStatement find_;
    SqliteStatement put_;
    SqliteStatement owner_;
    SqliteStatement remove_;
    SqliteStatement datasets_;
    SqliteStatement remove_dataset_;
};

}  // namespace gateway::buffer
