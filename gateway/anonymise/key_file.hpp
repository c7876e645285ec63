#pragma once
#include "gateway/anonymise/key_wrap.hpp"
#include "gateway/anonymise/secret_key.hpp"
#include "gateway/model/result.hpp"

#include <optional>
#include <string>

namespace gateway::anonymise {

// One key in a file of its own, mode 0600: its 32 bytes at `path`, or at `path`.wrapped what
// KeyWrap makes of them. Its directory is there. Blocks.
class KeyFile {
  public:
    // `wrap` is null for a key that lies there as it is; it outlives this.
    KeyFile(std::string path, const KeyWrap* wrap) : path_(std::move(path)), wrap_(wrap) {}

    // Nothing when there is none. Errors, besides those of the system:
    //   bad_message              what is there is no key
    //   operation_not_permitted  others may read it
    //   ENOKEY                   it is wrapped, and `wrap` is null
    //   EKEYREJECTED             it was wrapped with another key
    // With a `wrap`, a key that lies there as it is gets wrapped; beside a wrapped one there is no
    // plain file when it answers.
    model::Result<std::optional<Key>> find() const;

    // In place of any other: on the disk, synced, when it answers; a power cut leaves a whole key
    // or none.
    model::Result<void> write(const Key& key) const;

    // Overwrites the key and removes its name, both synced. No error when there is none. That is
    // best effort: flash keeps blocks that it has replaced (NIST SP 800-88 revision 1, section
    // 2.4).
    model::Result<void> destroy() const;

  private:
    std::string name() const;  // what a wrapped key is bound to

    std::string path_;
    const KeyWrap* wrap_;
};

}  // namespace gateway::anonymise
