#include "tests/component/drivers/coap_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using gateway::model::Refusal;
using Type = CoapMessage::Type;

namespace {

constexpr std::uint8_t kChanged = 0x44;
constexpr std::uint8_t kContinue = 0x5f;

std::string block(std::uint32_t number, bool more, int size_exponent) {
    const std::uint32_t value =
        number << 4 | (more ? 8U : 0U) | static_cast<std::uint32_t>(size_exponent);
    std::string bytes;
    if (value > 0xffff) bytes += static_cast<char>(value >> 16);
    if (value > 0xff) bytes += static_cast<char>(value >> 8 & 0xff);
    return bytes + static_cast<char>(value & 0xff);
}

CoapMessage block_of(std::uint16_t id, std::uint32_t number, bool more, std::size_t bytes = 16) {
    CoapMessage message = coap_post(id, "air/a-1", std::string(bytes, 'a'));
    message.options.push_back({kBlock1, block(number, more, 0)});
    return message;
}

}  // namespace

TEST_CASE("a confirmable request is acknowledged empty and answered after the commit", "[coap]") {
    CoapRig rig;
    REQUIRE(rig.started);
    const CoapPeer device(rig.port());
    rig.sink.hold();
    device.send(coap_post(1, "air/a-1/reading", "42"));
    const auto ack = device.receive();
    REQUIRE(ack);
    CHECK(ack->type == Type::ack);
    CHECK(ack->code == 0);
    CHECK(ack->id == 1);
    REQUIRE(rig.received(1));
    CHECK_FALSE(device.receive(200));
    rig.sink.release();
    const auto response = device.receive();
    REQUIRE(response);
    CHECK(response->type == Type::con);
    CHECK(response->code == kChanged);
    CHECK(response->token == "t1");
    const auto frame = rig.sink.frames().front();
    CHECK(frame.topic == "air/a-1/reading");
    CHECK(frame.payload == "42");
    CHECK(frame.peer.empty());
    CHECK(frame.source == gateway::model::SourceId{3});
}

TEST_CASE("a separate response that is not acknowledged is sent again", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    device.send(coap_post(1, "a", "42"));
    REQUIRE(device.receive()->code == 0);
    const auto first = device.receive();
    REQUIRE(first);
    const auto again = device.receive();
    REQUIRE(again);
    CHECK(again->id == first->id);
    CHECK(again->code == kChanged);
}

TEST_CASE("a non-confirmable request gets a non-confirmable answer", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    CoapMessage request = coap_post(1, "a", "42");
    request.type = Type::non;
    device.send(request);
    const auto response = device.receive();
    REQUIRE(response);
    CHECK(response->type == Type::non);
    CHECK(response->code == kChanged);
    CHECK(response->token == "t1");
}

TEST_CASE("a repeated request is one frame and gets the same answer", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    rig.sink.hold();
    rig.sink.refuse_next(Refusal::malformed);
    const CoapMessage request = coap_post(1, "a", "{");
    device.send(request);
    device.send(request);
    REQUIRE(device.receive()->code == 0);
    REQUIRE(device.receive()->code == 0);
    rig.sink.release();
    REQUIRE(device.response_to("t1")->code == 0x80);
    device.send(request);
    const auto again = device.response_to("t1");
    REQUIRE(again);
    CHECK(again->code == 0x80);
    CHECK(again->payload == "malformed");
    CHECK(rig.sink.count() == 1);
}

TEST_CASE("the same message id with another content is another request", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    device.send(coap_post(1, "a", "42"));
    REQUIRE(device.response_to("t1"));
    device.send(coap_post(1, "a", "43"));
    REQUIRE(device.response_to("t1"));
    CHECK(rig.sink.count() == 2);
}

TEST_CASE("every refusal has its code", "[coap]") {
    struct Case {
        Refusal cause;
        std::uint8_t code;
        std::string diagnostic;
    };
    const auto expected = GENERATE(
        Case{Refusal::malformed, 0x80, "malformed"},
        Case{Refusal::implausible_value, 0x80, "implausible-value"},
        Case{Refusal::unknown_topic, 0x84, "unknown-topic"},
        Case{Refusal::not_authorised, 0x83, "not-authorised"},
        Case{Refusal::too_large, 0x8d, "too-large"},
        Case{Refusal::overloaded, 0xa3, ""},
        Case{Refusal::store_failed, 0xa3, ""}
    );
    CoapRig rig;
    const CoapPeer device(rig.port());
    rig.sink.refuse_next(expected.cause);
    device.send(coap_post(1, "a", "42"));
    const auto response = device.response_to("t1");
    REQUIRE(response);
    CHECK(response->code == expected.code);
    CHECK(response->payload == expected.diagnostic);
    CHECK(response->option(kMaxAge).has_value() == (expected.code == 0xa3));
    CHECK(response->option(kSize1).has_value() == (expected.code == 0x8d));
}

TEST_CASE("what is no reading is refused at once", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    CoapMessage request = coap_post(1, "a", "42");
    std::uint8_t expected = 0;
    std::map<Refusal, int> counted;  // not what is no message of a device, and the library refuses
    SECTION("GET, DELETE and FETCH are not allowed") {
        request.code = GENERATE(std::uint8_t{1}, std::uint8_t{4}, std::uint8_t{5});
        expected = 0x85;
    }
    SECTION("a content format that contradicts the source's") {
        request.options.push_back({kContentFormat, std::string(1, 60)});
        expected = 0x8f;
        counted = {{Refusal::not_this_format, 1}};
    }
    SECTION("a path segment that contains a slash") {
        request.options.push_back({kUriPath, "b/c"});
        expected = 0x80;
        counted = {{Refusal::unknown_topic, 1}};
    }
    SECTION("a proxy option") {
        request.options.push_back({35, "coap://example.org/"});
        expected = 0xa5;
    }
    SECTION("an unknown critical option") {
        request.options.push_back({9999, "x"});
        expected = 0x82;
    }
    device.send(request);
    const auto response = device.response_to("t1");
    REQUIRE(response);
    CHECK(response->type == Type::ack);
    CHECK(response->code == expected);
    CHECK(rig.sink.count() == 0);
    CHECK(rig.refused() == counted);
}

TEST_CASE("content formats that fit are taken", "[coap]") {
    const auto [format, number] = GENERATE(
        std::pair<std::string, int>{"json", 50},
        std::pair<std::string, int>{"json", 42},
        std::pair<std::string, int>{"senml-json", 110},
        std::pair<std::string, int>{"senml-cbor", 112},
        std::pair<std::string, int>{"protobuf", 42}
    );
    CoapRig rig(coap_source(format));
    const CoapPeer device(rig.port());
    CoapMessage request = coap_post(1, "a", "42");
    request.options.push_back({kContentFormat, std::string(1, static_cast<char>(number))});
    device.send(request);
    CHECK(device.response_to("t1")->code == kChanged);
}

TEST_CASE("nothing is listed at /.well-known/core", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    CoapMessage request = coap_post(1, ".well-known/core", "");
    request.code = 1;
    device.send(request);
    const auto response = device.response_to("t1");
    REQUIRE(response);
    CHECK(response->payload.empty());
}

TEST_CASE("a body in blocks is put together", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    device.send(block_of(1, 0, true));
    const auto next = device.response_to("t1");
    REQUIRE(next);
    CHECK(next->code == kContinue);
    CHECK(next->option(kBlock1) == block(0, true, 0));
    device.send(block_of(2, 1, false, 5));
    const auto last = device.response_to("t2");
    REQUIRE(last);
    CHECK(last->code == kChanged);
    CHECK(last->option(kBlock1) == block(1, false, 0));
    REQUIRE(rig.sink.count() == 1);
    CHECK(rig.sink.frames().front().payload == std::string(21, 'a'));
}

TEST_CASE("blocks that do not fit are refused", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    std::map<Refusal, int> counted;
    SECTION("a block without a beginning") {
        device.send(block_of(1, 3, true));
        CHECK(device.response_to("t1")->code == 0x88);
        counted = {{Refusal::truncated, 1}};
    }
    SECTION("a block out of order") {
        device.send(block_of(1, 0, true));
        REQUIRE(device.response_to("t1"));
        device.send(block_of(2, 2, true));
        CHECK(device.response_to("t2")->code == 0x88);
        counted = {{Refusal::truncated, 1}};
    }
    SECTION("a block shorter than it says") {
        device.send(block_of(1, 0, true, 7));
        CHECK(device.response_to("t1")->code == 0x80);
        counted = {{Refusal::malformed, 1}};
    }
    SECTION("two datagrams that crash the library's own assembly") {
        device.send(block_of(1, 0, true));
        REQUIRE(device.response_to("t1"));
        device.send(block_of(2, 0, false));
        CHECK(device.response_to("t2")->code == kChanged);
    }
    SECTION("an announced size over the bound") {
        CoapMessage request = block_of(1, 0, true);
        request.options.push_back({kSize1, std::string("\x02\x00\x01", 3)});
        device.send(request);
        const auto response = device.response_to("t1");
        CHECK(response->code == 0x8d);
        CHECK(response->option(kSize1) == std::string("\x02\x00\x00", 3));
        counted = {{Refusal::too_large, 1}};
    }
    CHECK(rig.refused() == counted);
}

TEST_CASE("a body over the bound reaches the sink cut and is refused", "[coap]") {
    auto source = coap_source();
    source.payload_bytes_max = 20;
    CoapRig rig(source);
    const CoapPeer device(rig.port());
    rig.sink.refuse_next(Refusal::too_large);
    device.send(block_of(1, 0, true));
    REQUIRE(device.response_to("t1")->code == kContinue);
    device.send(block_of(2, 1, true));
    CHECK(device.response_to("t2")->code == 0x8d);
    REQUIRE(rig.sink.count() == 1);
    CHECK(rig.sink.frames().front().payload.size() == 21);
}

TEST_CASE("a sender with too many frames under way is asked to wait", "[coap]") {
    CoapRig rig;
    const CoapPeer device(rig.port());
    const CoapPeer other(rig.port());
    rig.sink.hold();
    constexpr auto kMax = ::drivers::coap::CoapDriver::kPeerFramesPendingMax;
    for (std::uint16_t id = 0; id < kMax; ++id) {
        device.send(coap_post(id, "a", "42"));
        REQUIRE(device.receive()->code == 0);
    }
    device.send(coap_post(1000, "a", "42"));
    const auto busy = device.response_to("t1000");
    REQUIRE(busy);
    CHECK(busy->code == 0xa3);
    CHECK(busy->option(kMaxAge) == std::string(1, 5));
    CHECK(rig.refused() == std::map<Refusal, int>{{Refusal::overloaded, 1}});
    other.send(coap_post(1, "a", "42"));
    CHECK(other.receive()->code == 0);
    rig.sink.release();
    CHECK(other.response_to("t1")->code == kChanged);
}

TEST_CASE("stopping waits for the commits under way and answers them", "[coap]") {
    auto rig = std::make_unique<CoapRig>();
    const CoapPeer device(rig->port());
    rig->sink.hold();
    device.send(coap_post(1, "a", "42"));
    REQUIRE(rig->received(1));
    std::thread releases([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        rig->sink.release();
    });
    rig->reactor.await(rig->driver.stop());
    releases.join();
    REQUIRE(device.receive()->code == 0);
    CHECK(device.receive()->code == kChanged);
}

TEST_CASE("an endpoint that cannot be opened is an error of start", "[coap]") {
    auto source = coap_source();
    auto& server = std::get<gateway::settings::CoapServer>(source.driver);
    SECTION("no address") {
        server.listen = "localhost";
    }
    SECTION("nothing to listen on") {
        server.listen.clear();
    }
    SECTION("DTLS without a key") {
        server.listen_secure = "127.0.0.1:0";
    }
    SECTION("an unreadable key file") {
        server.pre_shared_keys["meter"] = {"/nonexistent"};
    }
    CoapRig rig(source);
    CHECK_FALSE(rig.started);
    CHECK_FALSE(rig.state().connected);
}

TEST_CASE("a port in use is an error of start", "[coap]") {
    CoapRig first;
    auto source = coap_source();
    std::get<gateway::settings::CoapServer>(source.driver).listen =
        "127.0.0.1:" + std::to_string(first.port());
    CoapRig second(source);
    CHECK_FALSE(second.started);
}
