#pragma once
#include "gateway/model/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gateway::anonymise {

// A 256-bit secret that is wiped when it goes. Move-only, so that no copy stays behind.
class Key {
  public:
    static constexpr std::size_t kBytes = 32;
    Key() = default;
    Key(Key&& other) noexcept;
    Key& operator=(Key&& other) noexcept;
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
    ~Key();

    std::span<unsigned char, kBytes> bytes() { return bytes_; }
    std::span<const unsigned char, kBytes> bytes() const { return bytes_; }

  private:
    std::array<unsigned char, kBytes> bytes_{};
};

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

// Keys as files of 32 bytes, <directory>/<name>.key, mode 0600 in a directory of mode 0700, apart
// from the database. A new key is on the disk, synced, before it is used. Blocks; asked once an
// epoch.
class KeyDirectory final : public KeySource {
  public:
    explicit KeyDirectory(std::string directory);
    model::Result<Key> key(std::string_view name) override;
    model::Result<std::optional<Key>> find(std::string_view name) override;

  private:
    std::string path_of(std::string_view name) const;

    std::string directory_;
};

}  // namespace gateway::anonymise
