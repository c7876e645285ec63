// libFuzzer harness of the reader of sealed packs. An input's first byte says what the rest is: a
// block as it lies in an opened stream, or damage to a sealed one: two bytes of a place, and one
// that changes it. What is read of a block must lie in it as written; a damaged stream must open to
// what it was, or not at all.
#include "gateway/sealing/sealed_box.hpp"
#include "gateway/sealing/sealed_stream.hpp"
#include "gateway/subject/pack.hpp"
#include "tests/fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace gateway;
using tests::fuzz::require;

constexpr std::size_t kDamageBytes = 3;
constexpr std::string_view kContent = "what a person was told";

void read_block(std::string_view block) {
    const auto pieces = subject::pieces_of(block);
    if (!pieces) return;
    const char* at = block.data();
    for (const auto& piece : *pieces) {
        require(!file_name(piece.part).empty());
        require(piece.content.data() == at + 3);
        at = piece.content.data() + piece.content.size();
        require(at <= block.data() + block.size());
    }
}

// One pack for all inputs: sealing costs more than the rest.
struct Pack {
    Pack() {
        const auto seal = sealing::Seal::for_key(keys.public_key);
        require(seal.has_value());
        subject::PackWriter writer(*seal);
        bytes = writer.head();
        bytes += writer.add(subject::ExportPart::summary, kContent);
        bytes += writer.finish();
    }

    sealing::KeyPair keys = sealing::make_key_pair();
    std::string bytes;
};

void open_damaged(std::string_view damage) {
    static const Pack pack;
    static const auto opener = sealing::Opener::with(pack.keys.private_key);
    std::string bytes = pack.bytes;
    for (; damage.size() >= kDamageBytes; damage.remove_prefix(kDamageBytes)) {
        const auto low = static_cast<std::uint8_t>(damage[0]);
        const auto high = static_cast<std::uint8_t>(damage[1]);
        char& byte = bytes[(low | std::size_t{high} << 8U) % bytes.size()];
        byte = static_cast<char>(byte ^ damage[2]);
    }
    const auto head = std::string_view(bytes).substr(0, sealing::kStreamHeadBytes);
    auto stream = sealing::StreamOpener::with(*opener, head);
    if (!stream) {
        require(bytes != pack.bytes);
        return;
    }
    const auto block = stream->open(std::string_view(bytes).substr(head.size()));
    require(block.has_value() == (bytes == pack.bytes));
    if (!block) return;
    require(stream->is_complete());
    const auto pieces = subject::pieces_of(*block);
    require(pieces && pieces->size() == 1 && pieces->front().content == kContent);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(bytes + 1), size - 1);
    if ((bytes[0] & 1U) == 0) {
        read_block(rest);
    } else {
        open_damaged(rest);
    }
    return 0;
}
