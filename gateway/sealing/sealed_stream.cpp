#include "gateway/sealing/sealed_stream.hpp"

#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/checksum.hpp"

#include <sodium.h>

namespace gateway::sealing {
namespace {

constexpr std::string_view kMark = "PSS1";
constexpr std::size_t kKeyBytes = crypto_secretstream_xchacha20poly1305_KEYBYTES;
constexpr std::size_t kBoxBytes = kKeyBytes + Seal::kOverheadBytes;
constexpr std::size_t kStartBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kChecksumAt = kMark.size() + kBoxBytes + kStartBytes;
static_assert(kStreamHeadBytes == kChecksumAt + kChecksumBytes);
static_assert(kSealedBlockBytes == kBlockBytes + crypto_secretstream_xchacha20poly1305_ABYTES);

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* raw(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace

struct StreamState {
    crypto_secretstream_xchacha20poly1305_state stream{};

    StreamState() = default;
    StreamState(const StreamState&) = delete;
    StreamState& operator=(const StreamState&) = delete;
    ~StreamState() { sodium_memzero(&stream, sizeof stream); }
};

StreamSealer::StreamSealer(const Seal& seal) : state_(std::make_unique<StreamState>()) {
    std::string key(kKeyBytes, '\0');
    std::string start(kStartBytes, '\0');
    crypto_secretstream_xchacha20poly1305_keygen(raw(key));
    crypto_secretstream_xchacha20poly1305_init_push(&state_->stream, raw(start), raw(key));
    head_ = std::string(kMark) + seal.seal(key) + start;
    head_ += checksum(head_);
    runtime::wipe(key);
}

StreamSealer::~StreamSealer() = default;

std::string StreamSealer::seal(std::string& block, bool is_last) {
    block.resize(kBlockBytes, '\0');
    std::string sealed(kSealedBlockBytes, '\0');
    const auto tag = is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                             : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    crypto_secretstream_xchacha20poly1305_push(
        &state_->stream,
        raw(sealed),
        nullptr,
        raw(block),
        block.size(),
        nullptr,
        0,
        static_cast<unsigned char>(tag)
    );
    runtime::wipe(block);
    return sealed;
}

StreamOpener::StreamOpener() : state_(std::make_unique<StreamState>()) {}
StreamOpener::StreamOpener(StreamOpener&&) noexcept = default;
StreamOpener::~StreamOpener() = default;

model::Result<StreamOpener, StreamFault> StreamOpener::with(
    const Opener& opener, std::string_view head
) {
    const bool is_whole = head.size() == kStreamHeadBytes && head.starts_with(kMark) &&
                          head.substr(kChecksumAt) == checksum(head.substr(0, kChecksumAt));
    if (!is_whole) return StreamFault::damaged;
    auto key = opener.open(head.substr(kMark.size(), kBoxBytes));
    if (!key) return StreamFault::other_key;
    StreamOpener stream;
    const std::string_view start = head.substr(kMark.size() + kBoxBytes, kStartBytes);
    crypto_secretstream_xchacha20poly1305_init_pull(&stream.state_->stream, raw(start), raw(*key));
    runtime::wipe(*key);
    return stream;
}

std::optional<std::string> StreamOpener::open(std::string_view sealed) {
    if (is_complete_ || sealed.size() != kSealedBlockBytes) return std::nullopt;
    std::string block(kBlockBytes, '\0');
    unsigned char tag = 0;
    const int failed = crypto_secretstream_xchacha20poly1305_pull(
        &state_->stream, raw(block), nullptr, &tag, raw(sealed), sealed.size(), nullptr, 0
    );
    if (failed != 0) return std::nullopt;
    is_complete_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return block;
}

}  // namespace gateway::sealing
