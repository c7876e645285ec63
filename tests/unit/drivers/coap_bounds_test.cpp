#include "drivers/coap/block_assembly.hpp"
#include "drivers/coap/confirmable_budget.hpp"
#include "drivers/coap/content_format.hpp"
#include "drivers/coap/exchange_memory.hpp"

#include <catch2/catch.hpp>

using namespace drivers::coap;
using Progress = BlockAssembly::Progress;
using std::chrono::seconds;

namespace {

const BlockAssembly::Clock::time_point kStart{};

Request request_of(const std::string& sender, std::uint16_t id, const std::string& payload = "42") {
    Request request;
    request.sender = sender;
    request.message_id = id;
    request.token = "t";
    request.path = "a";
    request.payload = payload;
    return request;
}

Request block_of(const std::string& sender, std::uint32_t number, bool more, std::uint8_t szx = 6) {
    Request request = request_of(sender, static_cast<std::uint16_t>(number));
    request.block1 = Block{number, more, szx};
    request.payload.assign(request.block1->size(), 'x');
    return request;
}

Progress add(BlockAssembly& bodies, Request request, seconds after = seconds(0)) {
    return bodies.add(request, kStart + after);
}

}  // namespace

TEST_CASE("bodies in assembly are bounded in number, the least recent going first", "[coap]") {
    BlockAssembly bodies(100'000);
    for (std::size_t i = 0; i <= BlockAssembly::kBodiesMax; ++i)
        REQUIRE(add(bodies, block_of(std::to_string(i), 0, true)) == Progress::more);
    CHECK(bodies.bodies() == BlockAssembly::kBodiesMax);
    CHECK(add(bodies, block_of("0", 1, true)) == Progress::incomplete);
    CHECK(add(bodies, block_of("1", 1, true)) == Progress::more);
}

TEST_CASE("bodies in assembly are bounded in bytes", "[coap]") {
    BlockAssembly bodies(BlockAssembly::kBodiesBytesMax);
    std::uint32_t number = 0;
    while (add(bodies, block_of("large", number, true)) == Progress::more &&
           bodies.bytes() < BlockAssembly::kBodiesBytesMax)
        ++number;
    REQUIRE(add(bodies, block_of("small", 0, true)) == Progress::more);
    CHECK(bodies.bytes() <= BlockAssembly::kBodiesBytesMax);
    CHECK(bodies.bodies() == 1);
}

TEST_CASE("a body in assembly that rests is forgotten", "[coap]") {
    BlockAssembly bodies(100'000);
    REQUIRE(add(bodies, block_of("a", 0, true)) == Progress::more);
    const seconds late = BlockAssembly::kBodyAgeMax + seconds(1);
    CHECK(add(bodies, block_of("a", 1, false), late) == Progress::incomplete);
    CHECK(bodies.bytes() == 0);
}

TEST_CASE("a body begins again with its first block", "[coap]") {
    BlockAssembly bodies(100'000);
    REQUIRE(add(bodies, block_of("a", 0, true)) == Progress::more);
    REQUIRE(add(bodies, block_of("a", 1, true)) == Progress::more);
    REQUIRE(add(bodies, block_of("a", 0, true)) == Progress::more);
    Request last = block_of("a", 1, false);
    REQUIRE(bodies.add(last, kStart) == Progress::complete);
    CHECK(last.payload.size() == 2048);
    CHECK(bodies.bodies() == 0);
}

TEST_CASE("blocks of another path, size or reserved size do not continue a body", "[coap]") {
    BlockAssembly bodies(100'000);
    REQUIRE(add(bodies, block_of("a", 0, true)) == Progress::more);
    Request elsewhere = block_of("a", 1, true);
    SECTION("path") {
        elsewhere.path = "b";
        CHECK(add(bodies, elsewhere) == Progress::incomplete);
    }
    SECTION("size") {
        CHECK(add(bodies, block_of("a", 2, true, 5)) == Progress::incomplete);
    }
    SECTION("reserved") {
        CHECK(add(bodies, block_of("a", 1, true, 7)) == Progress::malformed);
    }
}

TEST_CASE("exchanges are remembered for their lifetime and in bounded number", "[coap]") {
    ExchangeMemory memory;
    CHECK(memory.find_or_begin(request_of("a", 1), kStart) == nullptr);
    CHECK(memory.find_or_begin(request_of("a", 1), kStart + seconds(200)) != nullptr);
    CHECK(memory.find_or_begin(request_of("a", 1), kStart + seconds(248)) == nullptr);
    for (std::size_t i = 0; i <= ExchangeMemory::kExchangesMax; ++i)
        memory.find_or_begin(request_of("b" + std::to_string(i), 1), kStart + seconds(248));
    CHECK(memory.size() == ExchangeMemory::kExchangesMax);
}

TEST_CASE("a repetition finds the answer of its exchange", "[coap]") {
    ExchangeMemory memory;
    memory.find_or_begin(request_of("a", 1), kStart);
    memory.answer("a", 1, Answer(Code::bad_request));
    const auto* known = memory.find_or_begin(request_of("a", 1), kStart);
    REQUIRE(known != nullptr);
    CHECK(known->answer == Answer(Code::bad_request));
    CHECK(memory.find_or_begin(request_of("a", 1, "43"), kStart) == nullptr);
    CHECK(memory.find_or_begin(request_of("other", 1), kStart) == nullptr);
}

TEST_CASE("the confirmable budget is bounded in total and a peer, and comes back", "[coap]") {
    ConfirmableBudget budget;
    for (std::size_t i = 0; i < ConfirmableBudget::kPeerResponsesPendingMax; ++i)
        REQUIRE(budget.take("a", kStart));
    CHECK_FALSE(budget.take("a", kStart));
    for (int peer = 0; budget.taken() < ConfirmableBudget::kResponsesPendingMax; ++peer)
        REQUIRE(budget.take(std::to_string(peer), kStart));
    CHECK_FALSE(budget.take("b", kStart));
    CHECK(budget.take("a", kStart + ConfirmableBudget::kTransmitWaitMax));
    CHECK(budget.taken() == 1);
}

TEST_CASE("a content format contradicts only formats that have another", "[coap]") {
    CHECK(may_be("json", 50));
    CHECK_FALSE(may_be("json", 60));
    CHECK_FALSE(may_be("senml-cbor", 50));
    CHECK_FALSE(may_be("protobuf", 50));
    CHECK(may_be("protobuf", 42));
    CHECK(may_be("protobuf", 11'542));
}
