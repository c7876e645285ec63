// libFuzzer harness of sealed segment bodies. An input's first byte says what the rest is: a body
// that nobody has sealed, which no key opens; or damage to a sealed one: a byte of a place, and one
// that changes it. A damaged body must open to what it was, or not at all.
#include "gateway/buffer/sealed_body.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace {

using namespace gateway::buffer;
using tests::fuzz::require;

constexpr std::uint64_t kRow = 77;
constexpr SegmentKey kName{3, 9};

// One key and one body for all inputs.
struct Sealed {
    Sealed() {
        for (unsigned char& byte : key.bytes()) byte = 0x5a;
        content.resize(64, std::byte{7});
        seal_body(key, {kRow, kName}, content, body);
        require(key_of(body) == kName);
    }

    gateway::anonymise::Key key;
    Bytes content;
    Bytes body;
};

void open_unsealed(const Sealed& sealed, std::span<const std::byte> body) {
    Bytes opened;
    require(!open_body(sealed.key, kRow, body, opened));
    static_cast<void>(key_of(body));
}

void open_damaged(const Sealed& sealed, std::span<const std::byte> damage) {
    Bytes body = sealed.body;
    for (; damage.size() >= 2; damage = damage.subspan(2))
        body[std::to_integer<std::size_t>(damage[0]) % body.size()] ^= damage[1];
    Bytes opened;
    if (open_body(sealed.key, kRow, body, opened))
        require(body == sealed.body && opened == sealed.content);
    else
        require(body != sealed.body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Sealed sealed;
    if (size == 0) return 0;
    const auto rest = std::as_bytes(std::span(data, size)).subspan(1);
    if (data[0] % 2 == 0) {
        open_unsealed(sealed, rest);
    } else {
        open_damaged(sealed, rest);
    }
    return 0;
}
