// What is encoded is decoded to the same; what is cut short, damaged or turned round is not.
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"
#include "samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

using namespace gateway::mqtt_codec;
using namespace gateway::mqtt_codec::test;

namespace {

// A reader for which the packet would be neither the first nor an impossible second one.
PacketReader reader_for(const Sample& sample) {
    PacketReader reader{sample.receiver};
    const PacketType type = type_of(sample.packet);
    if (type == PacketType::connect || type == PacketType::connack) return reader;
    const bool is_server = sample.receiver == Role::server;
    const std::string first =
        encoded(is_server ? Packet{Connect{}} : Packet{Connack{}}, Version::mqtt_5);
    REQUIRE(std::holds_alternative<Frame>(reader.next(first)));
    return reader;
}

void check_flipped(const Sample& sample, const std::string& flipped) {
    const auto decoded = decode(flipped, sample.version, sample.receiver);
    if (!decoded) return;
    const std::string again = encoded(*decoded, sample.version);
    CHECK(again.size() <= flipped.size());
    const auto twice = decode(again, sample.version, sample.receiver);
    REQUIRE(twice);
    CHECK(*twice == *decoded);
}

}  // namespace

TEST_CASE("the samples are every packet of both versions, in each direction it has", "[mqtt]") {
    std::set<std::tuple<PacketType, Version, Role>> seen;
    for (const Sample& sample : samples())
        seen.emplace(type_of(sample.packet), sample.version, sample.receiver);
    // Ten types go one way and PUBLISH and its four acknowledgements both; DISCONNECT both ways in
    // MQTT 5 alone, and AUTH is of MQTT 5 alone.
    CHECK(seen.size() == 2 * (8 + 2 * 5) + 1 + 2 + 2);
}

TEST_CASE("every packet with everything it can have survives the wire", "[mqtt]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        const std::string bytes = encoded(sample.packet, sample.version);
        INFO(to_hex(bytes));
        const auto decoded = decode(bytes, sample.version, sample.receiver);
        if (!decoded) FAIL(decoded.error().detail);
        CHECK(*decoded == sample.packet);
        CHECK(encoded(*decoded, sample.version) == bytes);
    }
}

TEST_CASE("a packet that goes one way only is refused by who sends it", "[mqtt]") {
    std::set<std::pair<PacketType, Version>> refused;
    for (const Sample& sample : samples()) {
        const bool both = std::any_of(samples().begin(), samples().end(), [&](const Sample& s) {
            return s.receiver == other(sample.receiver) && s.version == sample.version &&
                   type_of(s.packet) == type_of(sample.packet);
        });
        if (both) continue;
        INFO(sample.name);
        const std::string bytes = encoded(sample.packet, sample.version);
        const auto decoded = decode(bytes, sample.version, other(sample.receiver));
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().reason == ReasonCode::protocol_error);
        refused.emplace(type_of(sample.packet), sample.version);
    }
    CHECK(refused.size() == 2 * 8 + 1);
}

TEST_CASE("every prefix of every packet needs more, and says how much", "[mqtt]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        const std::string bytes = encoded(sample.packet, sample.version);
        PacketReader reader = reader_for(sample);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const Framing framing = reader.next(std::string_view{bytes}.substr(0, size));
            const auto* more = std::get_if<NeedMore>(&framing);
            REQUIRE(more != nullptr);
            REQUIRE(more->bytes_min > 0);
            REQUIRE(size + more->bytes_min <= bytes.size());
            CHECK_FALSE(decode(bytes.substr(0, size), sample.version, sample.receiver));
        }
        CHECK(reader.next(bytes + "more") == Framing{Frame{bytes}});
    }
}

TEST_CASE("a body that ends anywhere is a fault or another packet of its bytes", "[mqtt]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        const std::string bytes = encoded(sample.packet, sample.version);
        if (bytes.size() > 127) continue;  // its length takes one byte
        for (std::size_t size = 2; size < bytes.size(); ++size) {
            std::string cut = bytes.substr(0, size);
            cut[1] = static_cast<char>(size - 2);
            check_flipped(sample, cut);
        }
    }
}

TEST_CASE("no flipped bit crashes, or makes a packet that grows when it is said again", "[mqtt]") {
    for (const Sample& sample : samples()) {
        INFO(sample.name);
        const std::string bytes = encoded(sample.packet, sample.version);
        for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
            std::string flipped = bytes;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
            check_flipped(sample, flipped);
        }
    }
}

TEST_CASE("what cannot be said leaves nothing behind", "[mqtt]") {
    const std::string too_long(65'536, 'x');
    const std::string longest(65'535, 'x');
    std::string out = "before";
    Publish publish;
    publish.topic = too_long;
    CHECK_FALSE(encode(publish, Version::mqtt_5, out));
    publish.topic = "a";
    publish.properties.user_properties = {{too_long, ""}};
    CHECK_FALSE(encode(publish, Version::mqtt_5, out));
    CHECK(out == "before");
    CHECK(encode(publish, Version::mqtt_3_1_1, out));
    publish.properties.user_properties = {{longest, longest}};
    CHECK(encode(publish, Version::mqtt_5, out));

    const std::string huge(268'435'455 - 3 + 1, 'x');
    out = "before";
    publish.properties = {};
    publish.payload = huge;
    CHECK_FALSE(encode(publish, Version::mqtt_3_1_1, out));
    CHECK(out == "before");
    publish.payload.remove_prefix(1);
    CHECK(encode(publish, Version::mqtt_3_1_1, out));
}

TEST_CASE("what would say the opposite in 3.1.1 is not said", "[mqtt]") {
    using enum ReasonCode;
    Puback puback;
    puback.packet_identifier = 1;
    Pubrec pubrec;
    pubrec.packet_identifier = 1;
    const auto is_said = [](const Packet& packet) {
        std::string out;
        const bool said = encode(packet, Version::mqtt_3_1_1, out);
        CHECK(said != out.empty());
        return said;
    };
    CHECK(is_said(puback));
    CHECK(is_said(pubrec));
    puback.reason = no_matching_subscribers;
    CHECK(is_said(puback));
    puback.reason = quota_exceeded;
    pubrec.reason = quota_exceeded;
    CHECK_FALSE(is_said(puback));
    CHECK_FALSE(is_said(pubrec));
    CHECK_FALSE(is_said(Unsuback{1, {success, not_authorized}, {}}));
    CHECK_FALSE(is_said(Disconnect{disconnect_with_will, {}}));
    CHECK_FALSE(is_said(Auth{}));
    CHECK(is_said(Unsuback{1, {success, no_subscription_existed}, {}}));
    Pubcomp pubcomp;
    pubcomp.packet_identifier = 1;
    pubcomp.reason = packet_identifier_not_found;
    CHECK(encoded(pubcomp, Version::mqtt_3_1_1) == from_hex("70 02 0001"));
    const Suback suback{1, {granted_qos_1, not_authorized}, {}};
    CHECK(encoded(suback, Version::mqtt_3_1_1) == from_hex("90 04 0001 01 80"));
}
