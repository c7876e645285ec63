#pragma once
#include "gateway/anonymise/key_file.hpp"
#include "gateway/model/result.hpp"
#include "gateway/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::anonymise {

// Where keys live that are made to be destroyed: of open windows, of a day's segments. They are
// apart from the database, so that destroying a key takes what was sealed with it from every copy
// of the database as well. Blocks.
class KeyRing {
  public:
    virtual ~KeyRing() = default;

    // The key of this name; nothing when there is none, or what is there is no key.
    virtual model::Result<std::optional<Key>> find(std::string_view name) = 0;

    // A new random key under this name, in place of any other: on the disk, synced, when it
    // answers.
    virtual model::Result<Key> make(std::string_view name) = 0;

    // After this nobody has the key. No error when there is none.
    virtual model::Result<void> destroy(std::string_view name) = 0;

    // Of all keys whose names begin with `prefix`, in no order.
    virtual model::Result<std::vector<std::string>> names(std::string_view prefix) = 0;

    // When a key was made, by the system's clock; an error when there is none.
    virtual model::Result<model::Instant> made_at(std::string_view name) = 0;

    // Whether there ever was a key: false where the place of the keys is missing.
    virtual model::Result<bool> is_there() = 0;

    model::Result<void> destroy_all(std::string_view prefix);
};

// Keys as files <directory>/<name><ending>, as key_file.hpp says, in a directory of mode 0700.
// Destroying one of them is best effort, since flash keeps blocks that it has replaced; only a key
// that a chip or another machine holds is destroyed for certain.
class KeyRingDirectory final : public KeyRing {
  public:
    // Names have no `ending` in them. `wrap` enciphers the keys and outlives this; null: they lie
    // there as they are.
    KeyRingDirectory(std::string directory, std::string ending, const KeyWrap* wrap = nullptr);

    model::Result<std::optional<Key>> find(std::string_view name) override;
    model::Result<Key> make(std::string_view name) override;
    model::Result<void> destroy(std::string_view name) override;
    model::Result<std::vector<std::string>> names(std::string_view prefix) override;
    model::Result<model::Instant> made_at(std::string_view name) override;
    model::Result<bool> is_there() override;

  private:
    KeyFile file_of(std::string_view name) const;

    std::string directory_;
    std::string ending_;
    const KeyWrap* wrap_;
};

inline constexpr const char* kWindowKeyEnding = ".window";
inline constexpr const char* kSegmentKeyEnding = ".segment";

// The rings below the directory of the keys.
KeyRingDirectory window_keys(const std::string& key_directory, const KeyWrap* wrap);
KeyRingDirectory segment_keys(const std::string& key_directory, const KeyWrap* wrap);

}  // namespace gateway::anonymise
