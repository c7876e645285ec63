#include "gateway/sealing/sealed_stream.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace gateway::sealing;

namespace {

const KeyPair kKeys = make_key_pair();

// A stream, cut into what is opened at once.
struct Stream {
    std::string head;
    std::vector<std::string> blocks;
};

Stream sealed(const std::vector<std::string>& contents) {
    StreamSealer sealer(*Seal::for_key(kKeys.public_key));
    Stream stream{sealer.head(), {}};
    for (std::size_t i = 0; i < contents.size(); ++i) {
        std::string block = contents[i];
        stream.blocks.push_back(sealer.seal(block, i + 1 == contents.size()));
        CHECK(block.empty());
    }
    return stream;
}

std::string filled(std::string content) {
    content.resize(kBlockBytes, '\0');
    return content;
}

// The blocks that open, up to the first that does not.
std::vector<std::string> opened(const Stream& stream, bool* is_complete = nullptr) {
    const auto opener = Opener::with(kKeys.private_key);
    auto opening = StreamOpener::with(*opener, stream.head);
    REQUIRE(opening);
    std::vector<std::string> blocks;
    for (const std::string& block : stream.blocks) {
        auto content = opening->open(block);
        if (!content) break;
        blocks.push_back(std::move(*content));
    }
    if (is_complete != nullptr) *is_complete = opening->is_complete();
    return blocks;
}

}  // namespace

TEST_CASE("a stream is opened block by block as it was sealed", "[sealing]") {
    const std::string full(kBlockBytes, 'f');
    const Stream stream = sealed({full, "canary", ""});
    CHECK(stream.head.size() == kStreamHeadBytes);
    for (const std::string& block : stream.blocks) {
        CHECK(block.size() == kSealedBlockBytes);
        CHECK(block.find("canary") == std::string::npos);
    }
    bool is_complete = false;
    const auto blocks = opened(stream, &is_complete);
    CHECK(blocks == std::vector{full, filled("canary"), filled("")});
    CHECK(is_complete);
}

TEST_CASE("two streams of the same have nothing in common", "[sealing]") {
    const Stream one = sealed({"the same"});
    const Stream other = sealed({"the same"});
    CHECK(one.head != other.head);
    CHECK(one.blocks != other.blocks);
}

TEST_CASE("a stream is complete with its last block alone", "[sealing]") {
    Stream stream = sealed({"one", "two", "three"});
    stream.blocks.pop_back();
    bool is_complete = true;
    CHECK(opened(stream, &is_complete).size() == 2);
    CHECK_FALSE(is_complete);
    // Nothing opens behind it.
    stream = sealed({"one"});
    stream.blocks.push_back(stream.blocks[0]);
    CHECK(opened(stream, &is_complete).size() == 1);
    CHECK(is_complete);
}

TEST_CASE("a block opens in its own place only", "[sealing]") {
    const Stream whole = sealed({"one", "two", "three"});
    Stream moved = whole;
    std::swap(moved.blocks[0], moved.blocks[1]);
    CHECK(opened(moved).empty());
    Stream shorter = whole;
    shorter.blocks.erase(shorter.blocks.begin() + 1);
    CHECK(opened(shorter).size() == 1);
    Stream twice = whole;
    twice.blocks.insert(twice.blocks.begin(), twice.blocks[0]);
    CHECK(opened(twice).size() == 1);
    Stream mixed = whole;
    mixed.blocks[1] = sealed({"one", "two", "three"}).blocks[1];
    CHECK(opened(mixed).size() == 1);
    for (const std::size_t at : {std::size_t{0}, std::size_t{17}, kSealedBlockBytes - 1}) {
        Stream changed = whole;
        changed.blocks[1][at] = static_cast<char>(changed.blocks[1][at] ^ 1);
        CHECK(opened(changed).size() == 1);
    }
    Stream cut = whole;
    cut.blocks[2].pop_back();
    CHECK(opened(cut).size() == 2);
}

TEST_CASE("another key and a damaged head are told apart", "[sealing]") {
    const Stream stream = sealed({"one"});
    const auto others = make_key_pair();
    const auto with_another = StreamOpener::with(*Opener::with(others.private_key), stream.head);
    REQUIRE_FALSE(with_another);
    CHECK((with_another.error() == StreamFault::other_key));
    const auto opener = Opener::with(kKeys.private_key);
    for (std::size_t at = 0; at < kStreamHeadBytes; ++at) {
        std::string head = stream.head;
        head[at] = static_cast<char>(head[at] ^ 1);
        const auto changed = StreamOpener::with(*opener, head);
        REQUIRE_FALSE(changed);
        CHECK((changed.error() == StreamFault::damaged));
    }
    const auto torn = StreamOpener::with(*opener, stream.head.substr(0, kStreamHeadBytes - 1));
    REQUIRE_FALSE(torn);
    CHECK((torn.error() == StreamFault::damaged));
}
