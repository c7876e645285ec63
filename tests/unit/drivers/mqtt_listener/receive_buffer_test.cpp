#include "drivers/mqtt_listener/receive_buffer.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>

using namespace drivers::mqtt_listener;

namespace {

struct Fixture {
    ReceiveBudget budget{kReceiveBytesMax};
    ReceiveBuffer buffer{budget};
};

// What the socket gives, as often as there is room.
void receive(ReceiveBuffer& buffer, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto room = buffer.room(bytes.size());
        REQUIRE(room.size() > 0);
        const std::size_t size = std::min(room.size(), bytes.size());
        std::memcpy(room.data(), bytes.data(), size);
        buffer.received(size);
        bytes.remove_prefix(size);
    }
}

}  // namespace

TEST_CASE_METHOD(Fixture, "what is received is there until it is taken", "[listener]") {
    CHECK(buffer.bytes().empty());
    receive(buffer, "one two");
    receive(buffer, " three");
    CHECK(buffer.bytes() == "one two three");
    buffer.take(4);
    CHECK(buffer.bytes() == "two three");
    receive(buffer, " four");
    CHECK(buffer.bytes() == "two three four");
    buffer.take(14);
    CHECK(buffer.bytes().empty());
}

TEST_CASE_METHOD(
    Fixture,
    "it grows to what one packet needs and gives back what is more than small",
    "[listener]"
) {
    constexpr std::size_t kLarge = 100 * 1024;
    CHECK(buffer.room(1).size() == kReceiveBytesFirst);
    receive(buffer, "head");
    const std::string body(kLarge, 'x');
    receive(buffer, body);
    CHECK(buffer.bytes() == "head" + body);
    CHECK(budget.bytes() == 4 + kLarge - kReceiveBytesFirst);
    buffer.take(4);
    // What is not taken stays, whatever is asked for.
    receive(buffer, "tail");
    CHECK(buffer.bytes() == body + "tail");
    buffer.take(buffer.bytes().size());
    CHECK(buffer.room(1).size() == kReceiveBytesFirst);
    CHECK(budget.bytes() == 0);
}

TEST_CASE_METHOD(Fixture, "a length that is only announced costs nothing", "[listener]") {
    constexpr std::size_t kAnnounced = 1024 * 1024;
    receive(buffer, "head");
    CHECK(buffer.room(kAnnounced).size() == kReceiveBytesFirst - 4);
    CHECK(budget.bytes() == 0);
    receive(buffer, std::string(kReceiveBytesFirst - 4, 'x'));
    CHECK(buffer.room(kAnnounced).size() == kReceiveBytesFirst);
    CHECK(budget.bytes() == kReceiveBytesFirst);
}

TEST_CASE("who asks for more than all may have gets no room", "[listener]") {
    ReceiveBudget budget{kReceiveBytesFirst};
    ReceiveBuffer first{budget};
    {
        ReceiveBuffer second{budget};
        receive(second, std::string(2 * kReceiveBytesFirst, 'x'));
        receive(first, std::string(kReceiveBytesFirst, 'x'));
        CHECK(first.room(1).size() == 0);
    }
    CHECK(first.room(1).size() == 1);
}

TEST_CASE_METHOD(Fixture, "bytes taken at the front make room at the end", "[listener]") {
    receive(buffer, std::string(kReceiveBytesFirst, 'x'));
    buffer.take(kReceiveBytesFirst - 1);
    CHECK(buffer.room(kReceiveBytesFirst - 1).size() == kReceiveBytesFirst - 1);
    CHECK(buffer.bytes() == "x");
}
