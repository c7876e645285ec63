#pragma once
#include "gateway/model/result.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::sealing {

// A stream of any length that one key alone opens. It is sealed and opened block by block, so that
// nobody has more than a block of it in memory; all blocks are of one size, so that the length
// tells no more than their number.
//     0    4  "PSS1"
//     4   80  the key of the stream, in a sealed box
//    84   24  what libsodium's secretstream begins with (XChaCha20-Poly1305)
//   108   16  checksum of bytes 0 to 107
//   124       blocks of kSealedBlockBytes; the last one says that it is
// A block that was changed, moved, left out or taken from another stream does not open. Who
// sealed it is not told: whoever has the public key can.
inline constexpr std::size_t kStreamHeadBytes = 124;
inline constexpr std::size_t kBlockBytes = 64U << 10;
inline constexpr std::size_t kSealedBlockBytes = kBlockBytes + 17;

struct StreamState;  // libsodium's; wiped when it goes

class StreamSealer {
  public:
    explicit StreamSealer(const Seal& seal);
    ~StreamSealer();
    StreamSealer(const StreamSealer&) = delete;
    StreamSealer& operator=(const StreamSealer&) = delete;

    const std::string& head() const { return head_; }  // goes before the first block

    // Seals at most kBlockBytes, filled up with zeros, and wipes them.
    std::string seal(std::string& block, bool is_last);

  private:
    std::unique_ptr<StreamState> state_;
    std::string head_;
};

enum class StreamFault { damaged, other_key };

class StreamOpener {
  public:
    // Damaged is also what is no stream.
    static model::Result<StreamOpener, StreamFault> with(
        const Opener& opener, std::string_view head
    );
    StreamOpener(StreamOpener&&) noexcept;
    StreamOpener& operator=(StreamOpener&&) = delete;
    ~StreamOpener();

    // kBlockBytes, to be wiped by who takes them. Nothing when this is not the block that is next.
    std::optional<std::string> open(std::string_view sealed);

    // Whether the last block was opened. What ends before is damaged.
    bool is_complete() const { return is_complete_; }

  private:
    StreamOpener();

    std::unique_ptr<StreamState> state_;
    bool is_complete_ = false;
};

}  // namespace gateway::sealing
