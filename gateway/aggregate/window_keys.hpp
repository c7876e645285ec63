#pragma once
#include "gateway/aggregate/random_bits.hpp"
#include "gateway/anonymise/key_file.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/model/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::aggregate {

// Where the keys of open windows live: apart from the database, so that destroying a key takes the
// values of its window from every copy of the database as well. Blocks.
class WindowKeys {
  public:
    virtual ~WindowKeys() = default;

    // The key of this name; nothing when there is none, or what is there is no key.
    virtual model::Result<std::optional<anonymise::Key>> find(std::string_view name) = 0;

    // A new random key under this name, in place of any other: on the disk, synced, when it
    // answers.
    virtual model::Result<anonymise::Key> make(std::string_view name) = 0;

    // After this nobody has the key. No error when there is none.
    virtual model::Result<void> destroy(std::string_view name) = 0;

    // So with every key whose name begins with `prefix`.
    virtual model::Result<void> destroy_all(std::string_view prefix) = 0;
};

// Keys as files <directory>/<name>.window, as gateway/anonymise/key_file.hpp says, in a directory
// of mode 0700. Destroying one of them is best effort, since flash keeps blocks that it has
// replaced; only a key that a chip or another machine holds is destroyed for certain.
class WindowKeyDirectory final : public WindowKeys {
  public:
    // `entropy` must outlive it, and so must `wrap`, which enciphers the keys; null: they lie there
    // as they are.
    WindowKeyDirectory(
        std::string directory, EntropySource& entropy, const anonymise::KeyWrap* wrap = nullptr
    );

    model::Result<std::optional<anonymise::Key>> find(std::string_view name) override;
    model::Result<anonymise::Key> make(std::string_view name) override;
    model::Result<void> destroy(std::string_view name) override;
    model::Result<void> destroy_all(std::string_view prefix) override;

  private:
    anonymise::KeyFile file_of(std::string_view name) const;

    std::string directory_;
    EntropySource& entropy_;
    const anonymise::KeyWrap* wrap_;
};

}  // namespace gateway::aggregate
