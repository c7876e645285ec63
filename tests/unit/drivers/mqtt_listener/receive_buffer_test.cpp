#include "drivers/mqtt_listener/receive_buffer.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace drivers::mqtt_listener;

namespace {

void receive(ReceiveBuffer& buffer, std::string_view bytes) {
    const auto room = buffer.room(bytes.size());
    REQUIRE(room.size() >= bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    buffer.received(bytes.size());
}

}  // namespace

TEST_CASE("what is received is there until it is taken", "[listener]") {
    ReceiveBuffer buffer;
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

TEST_CASE(
    "it grows to what one packet needs and gives back what is more than small", "[listener]"
) {
    constexpr std::size_t kLarge = 100 * 1024;
    ReceiveBuffer buffer;
    CHECK(buffer.room(1).size() == kReceiveBytesFirst);
    receive(buffer, "head");
    CHECK(buffer.room(kLarge).size() == kLarge);
    const std::string body(kLarge, 'x');
    receive(buffer, body);
    CHECK(buffer.bytes() == "head" + body);
    buffer.take(4);
    // What is not taken stays, whatever is asked for.
    receive(buffer, "tail");
    CHECK(buffer.bytes() == body + "tail");
    buffer.take(buffer.bytes().size());
    CHECK(buffer.room(1).size() == kReceiveBytesFirst);
}

TEST_CASE("bytes taken at the front make room at the end", "[listener]") {
    ReceiveBuffer buffer;
    receive(buffer, std::string(kReceiveBytesFirst, 'x'));
    buffer.take(kReceiveBytesFirst - 1);
    CHECK(buffer.room(kReceiveBytesFirst - 1).size() == kReceiveBytesFirst - 1);
    CHECK(buffer.bytes() == "x");
}
