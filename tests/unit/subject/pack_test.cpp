#include "gateway/subject/pack.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace gateway;
using namespace gateway::subject;

namespace {

const sealing::KeyPair kKeys = sealing::make_key_pair();

// What a pack's parts are, when it is opened.
std::map<ExportPart, std::string> opened(std::string_view pack) {
    const auto opener = sealing::Opener::with(kKeys.private_key);
    auto stream = sealing::StreamOpener::with(*opener, pack.substr(0, sealing::kStreamHeadBytes));
    REQUIRE(stream);
    pack.remove_prefix(sealing::kStreamHeadBytes);
    std::map<ExportPart, std::string> parts;
    while (!stream->is_complete()) {
        const auto block = stream->open(pack.substr(0, sealing::kSealedBlockBytes));
        REQUIRE(block);
        const auto pieces = pieces_of(*block);
        REQUIRE(pieces);
        for (const PackPiece& piece : *pieces) parts[piece.part] += piece.content;
        pack.remove_prefix(sealing::kSealedBlockBytes);
    }
    CHECK(pack.empty());
    return parts;
}

std::string filled(std::string block) {
    block.resize(sealing::kBlockBytes, '\0');
    return block;
}

}  // namespace

TEST_CASE("a pack has its parts whole, in whatever pieces they came", "[subject]") {
    PackWriter writer(*sealing::Seal::for_key(kKeys.public_key));
    std::map<ExportPart, std::string> parts;
    std::string pack = writer.head();
    // Lengths about those at which a block is full.
    for (const std::size_t more : {0U, 65'500U, 20U, 1U, 65'531U, 65'533U, 200'000U, 3U}) {
        std::size_t size = more;
        for (const ExportPart part : kExportParts) {
            const std::string content(size, static_cast<char>('a' + size % 26));
            ++size;
            parts[part] += content;
            pack += writer.add(part, content);
        }
    }
    pack += writer.finish();
    CHECK(opened(pack) == parts);
}

TEST_CASE("a pack of nothing is one block, and so is a small one", "[subject]") {
    const auto seal = sealing::Seal::for_key(kKeys.public_key);
    PackWriter none(*seal);
    const std::string empty = none.head() + none.finish();
    CHECK(opened(empty).empty());
    PackWriter some(*seal);
    std::string small = some.head() + some.add(ExportPart::summary, "What is held about you");
    CHECK(small == some.head());
    small += some.finish();
    CHECK(small.size() == empty.size());
    CHECK(opened(small).at(ExportPart::summary) == "What is held about you");
}

TEST_CASE("a block that is none of a pack is not taken for one", "[subject]") {
    using namespace std::string_literals;
    CHECK(pieces_of(filled("")).value().empty());
    CHECK(pieces_of(filled("\x05\x01\0x"s)).value().at(0).content == "x");
    CHECK_FALSE(pieces_of(filled("\x06\x01\0x"s)));      // a part that there is not
    CHECK_FALSE(pieces_of(filled("\x01\xff\xff"s)));     // longer than the block
    CHECK_FALSE(pieces_of("\x01\x02"));                  // a torn length
    CHECK_FALSE(pieces_of(filled("\x01\x01\0x\xff"s)));  // behind one that is whole
}
