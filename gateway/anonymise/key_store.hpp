#pragma once
#include "gateway/anonymise/key_wrap.hpp"
#include "gateway/anonymise/secret_key.hpp"
#include "gateway/model/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// Where pseudonym keys live.
class KeySource {
  public:
    virtual ~KeySource() = default;

    // The key of this name (it names a dataset and an epoch), made at random when it is asked for
    // the first time. Keys are independent of each other: none can be computed from another one,
    // and destroying one ends its epoch's pseudonyms for ever.
    virtual model::Result<Key> key(std::string_view name) = 0;

    // The same, but none is made: nothing when there is none of this name.
    virtual model::Result<std::optional<Key>> find(std::string_view name) = 0;
};

// Keys as files <directory>/<name>.key, as key_file.hpp says, in a directory of mode 0700, apart
// from the database. A new key is on the disk, synced, before it is used. Blocks; asked once an
// epoch.
class KeyDirectory final : public KeySource {
  public:
    // `wrap` enciphers the keys and outlives the directory; null: they lie there as they are.
    explicit KeyDirectory(std::string directory, const KeyWrap* wrap = nullptr);
    model::Result<Key> key(std::string_view name) override;
    model::Result<std::optional<Key>> find(std::string_view name) override;

  private:
    std::string path_of(std::string_view name) const;

    std::string directory_;
    const KeyWrap* wrap_;
};

}  // namespace gateway::anonymise
