#include "gateway/forward/batch_encoder.hpp"

#include "gateway/forward/compression.hpp"
#include "gateway/forward/digest.hpp"
#include "gateway/forward/json_batch.hpp"
#include "gateway/forward/protobuf_batch.hpp"
#include "tests/unit/forward/forward_doubles.hpp"

#include <boost/json/src.hpp>
#include <catch2/catch.hpp>
#include <passerelle/v1/batch.pb.h>
#include <zlib.h>
#include <zstd.h>

#include <chrono>
#include <limits>
#include <map>
#include <random>

using namespace forward_test;
using forward::BatchEncoder;
using gateway::settings::Compression;
using gateway::settings::Encoding;

namespace {

gateway::settings::Gateway tunis() {
    gateway::settings::Gateway gateway;
    gateway.id = "tunis-bardo-07";
    return gateway;
}

gateway::settings::Uplink uplink(Encoding encoding, Compression compression) {
    gateway::settings::Uplink settings;
    settings.name = "city";
    settings.encoding = encoding;
    settings.compression = compression;
    return settings;
}

// Values at the edges of what a reading may be.
buffer::Batch awkward_batch() {
    constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
    buffer::Batch batch;
    batch.dataset = "water";
    batch.first_sequence = 41;
    batch.last_sequence = 0xFFFF'FFFFULL + 41;
    batch.devices = {"pump \"A\"\\\n", "compteur-été"};
    batch.quantities = {{"water.volume", "m3"}, {"temperature", "Cel"}};
    batch.attributes = {"{}", R"({"location":[36.8,10.18],"état":"ok"})"};
    const auto add = [&](std::uint64_t sequence, model::Decimal value, std::int64_t time_ms) {
        buffer::StoredReading reading;
        reading.sequence = sequence;
        reading.device = static_cast<std::uint32_t>(batch.readings.size() % 2);
        reading.quantity = static_cast<std::uint32_t>(batch.readings.size() / 2 % 2);
        reading.attributes = static_cast<std::uint32_t>(batch.readings.size() % 2);
        reading.time_quality = static_cast<model::TimeQuality>(batch.readings.size() % 4);
        reading.value = value;
        reading.observed_at = model::Instant{std::chrono::milliseconds{time_ms}};
        batch.readings.push_back(reading);
    };
    add(41, {150, -2}, 1'767'225'600'123);
    add(43, {kMost, 0}, 0);
    add(44, {12, 3}, 1);
    add(45, {0, 0}, 951'782'400'000);
    add(46, {kLeast, -5}, 1'767'225'600'000);
    add(47, {kLeast, 0}, 2);
    add(0xFFFF'FFFFULL + 41, {-7, -9}, 1'767'225'599'999);
    return batch;
}

// Random walks of 1000 devices that report in changing order.
buffer::Batch realistic_batch(std::uint64_t readings, std::uint32_t devices) {
    std::mt19937_64 random(1);
    std::vector<std::int64_t> value(devices);
    std::vector<std::int64_t> time(devices);
    buffer::Batch batch;
    batch.dataset = "water";
    batch.first_sequence = 1'000'000;
    batch.last_sequence = batch.first_sequence + readings - 1;
    batch.attributes.emplace_back("{}");
    batch.quantities.push_back({"water.volume", "m3"});
    for (std::uint32_t device = 0; device < devices; ++device) {
        const auto digest = forward::sha256(std::to_string(device));
        batch.devices.push_back(forward::to_hex(std::span(digest).first(16)));
        value[device] = static_cast<std::int64_t>(random() % 1'000'000);
        time[device] = 1'767'225'600'000 + static_cast<std::int64_t>(random() % 60'000);
    }
    std::vector<std::uint32_t> order(devices);
    for (std::uint32_t i = 0; i < devices; ++i) order[i] = i;
    for (std::uint64_t i = 0; i < readings; ++i) {
        if (i % devices == 0) std::shuffle(order.begin(), order.end(), random);
        buffer::StoredReading reading;
        reading.device = order[i % devices];
        value[reading.device] += static_cast<std::int64_t>(random() % 41) - 20;
        time[reading.device] += 60'000;
        reading.sequence = batch.first_sequence + i;
        reading.value = {value[reading.device], -3};
        reading.observed_at = model::Instant{std::chrono::milliseconds{time[reading.device]}};
        reading.time_quality = model::TimeQuality::device;
        batch.readings.push_back(reading);
    }
    return batch;
}

passerelle::v1::Batch parse(const std::string& bytes) {
    passerelle::v1::Batch message;
    REQUIRE(message.ParseFromString(bytes));
    return message;
}

}  // namespace

TEST_CASE("the JSON form holds every field with the exact digits", "[forward][json]") {
    const auto batch = awkward_batch();
    const std::string text = forward::encode_json(batch, "tunis-bardo-07", "00ff");
    const auto parsed = boost::json::parse(text).as_object();
    CHECK(parsed.at("gateway") == "tunis-bardo-07");
    CHECK(parsed.at("dataset") == "water");
    CHECK(parsed.at("batch") == "00ff");
    CHECK(parsed.at("first_sequence") == 41);
    CHECK(parsed.at("last_sequence") == 0xFFFF'FFFFULL + 41);
    const auto& readings = parsed.at("readings").as_array();
    REQUIRE(readings.size() == batch.readings.size());
    CHECK(readings[0].at("device") == "pump \"A\"\\\n");
    CHECK(readings[1].at("device") == "compteur-été");
    CHECK(readings[0].at("quantity") == "water.volume");
    CHECK(readings[0].at("unit") == "m3");
    CHECK(readings[2].at("quantity") == "temperature");
    CHECK(readings[2].at("unit") == "Cel");
    CHECK(readings[0].at("time") == "2026-01-01T00:00:00.123Z");
    CHECK(readings[0].at("time_quality") == "device");
    CHECK(readings[3].at("time_quality") == "uncertain");
    CHECK(readings[0].at("attributes").as_object().empty());
    CHECK(readings[1].at("attributes").at("état") == "ok");
}

TEST_CASE("values stand in the JSON form as the device wrote them", "[forward][json]") {
    const std::string text = forward::encode_json(awkward_batch(), "g", "b");
    for (const char* value :
         {"\"value\":1.50,",
          "\"value\":9223372036854775807,",
          "\"value\":12000,",
          "\"value\":0,",
          "\"value\":-92233720368547.75808,",
          "\"value\":-0.000000007,"}) {
        CAPTURE(value);
        CHECK(text.find(value) != std::string::npos);
    }
}

TEST_CASE("an empty list of readings is still a JSON document", "[forward][json]") {
    buffer::Batch batch;
    CHECK(
        boost::json::parse(forward::encode_json(batch, "g", "b")).at("readings").as_array().empty()
    );
}

TEST_CASE("both forms tell the gaps, and only where there are some", "[forward][gaps]") {
    auto batch = make_batch(40, 42);
    const BatchEncoder encoder(tunis(), uplink(Encoding::json, Compression::none));
    const auto without = encoder.encode(batch);
    CHECK(without.body.find("gaps") == std::string::npos);
    batch.gaps.push_back(
        {buffer::Eviction::size,
         7,
         19,
         11,
         *model::parse_rfc3339("2026-03-01T06:00:00Z"),
         *model::parse_rfc3339("2026-03-02T00:00:00.5Z")}
    );
    const auto with = encoder.encode(batch);
    CHECK(with.id != without.id);
    const std::string expected =
        R"("gaps":[{"cause":"size","first_sequence":7,"last_sequence":19,"count":11,)"
        R"("from":"2026-03-01T06:00:00.000Z","to":"2026-03-02T00:00:00.500Z"}]})";
    CHECK(with.body.ends_with(expected));
    CHECK(boost::json::parse(with.body).at("readings").as_array().size() == 3);

    const auto message = parse(forward::encode_protobuf(batch, "g", "b"));
    REQUIRE(message.gaps_size() == 1);
    CHECK(message.gaps(0).cause() == "size");
    CHECK(message.gaps(0).first_sequence() == 7);
    CHECK(message.gaps(0).last_sequence() == 19);
    CHECK(message.gaps(0).count() == 11);
    CHECK(message.gaps(0).from_ms() == batch.gaps[0].observed_from.time_since_epoch().count());
    CHECK(message.gaps(0).to_ms() == batch.gaps[0].observed_to.time_since_epoch().count());
    ++batch.gaps[0].count;
    CHECK(encoder.encode(batch).id != with.id);
}

TEST_CASE("both forms tell whose readings must be erased, and only where some are", "[forward]") {
    auto batch = make_batch(40, 42);
    const BatchEncoder encoder(tunis(), uplink(Encoding::json, Compression::none));
    const auto without = encoder.encode(batch);
    CHECK(without.body.find("erasures") == std::string::npos);
    batch.erasures = {{"abc", "", "", 39}, {"", "phone", R"("def")", 41}};
    const auto with = encoder.encode(batch);
    CHECK(with.id != without.id);
    CHECK(with.body.ends_with(R"("erasures":[{"device":"abc","last_sequence":39},)"
                              R"({"attribute":"phone","value":"def","last_sequence":41}]})"));
    CHECK(boost::json::parse(with.body).at("readings").as_array().size() == 3);

    const auto message = parse(forward::encode_protobuf(batch, "g", "b"));
    REQUIRE(message.erasures_size() == 2);
    CHECK(message.erasures(0).device() == "abc");
    CHECK(message.erasures(0).last_sequence() == 39);
    CHECK(message.erasures(1).attribute() == "phone");
    CHECK(message.erasures(1).value() == R"("def")");
    ++batch.erasures[0].last_sequence;
    CHECK(encoder.encode(batch).id != with.id);
}

TEST_CASE("the protobuf form gives back every reading", "[forward][protobuf]") {
    const auto batch = GENERATE(awkward_batch(), realistic_batch(2000, 300));
    const auto message = parse(forward::encode_protobuf(batch, "g", "b"));
    CHECK(message.gateway() == "g");
    CHECK(message.dataset() == "water");
    CHECK(message.batch() == "b");
    CHECK(message.first_sequence() == batch.first_sequence);
    CHECK(message.last_sequence() == batch.last_sequence);
    REQUIRE(message.device_size() == static_cast<int>(batch.readings.size()));
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::uint64_t, std::int64_t>> last;
    std::uint64_t sequence = message.first_sequence();
    for (int i = 0; i < message.device_size(); ++i) {
        const auto& expected = batch.readings[static_cast<std::size_t>(i)];
        auto& [mantissa, time] = last[{message.device(i), message.quantity(i)}];
        sequence += message.sequence_step(i);
        mantissa += static_cast<std::uint64_t>(message.mantissa_step(i));
        time += message.time_step_ms(i);
        CHECK(sequence == expected.sequence);
        CHECK(static_cast<std::int64_t>(mantissa) == expected.value.mantissa);
        CHECK(message.exponent(i) == expected.value.exponent);
        CHECK(time == expected.observed_at.time_since_epoch().count());
    }
}

TEST_CASE("no step between two sequences is too large to say", "[forward][protobuf]") {
    auto batch = realistic_batch(3, 1);
    batch.readings[2].sequence = batch.readings[1].sequence + (std::uint64_t{1} << 32U) + 7;
    const auto message = parse(forward::encode_protobuf(batch, "g", "b"));
    std::uint64_t sequence = message.first_sequence();
    for (const auto step : message.sequence_step()) sequence += step;
    CHECK(sequence == batch.readings[2].sequence);
}

TEST_CASE("columns of zeros are left out", "[forward][protobuf]") {
    const auto plain = parse(forward::encode_protobuf(realistic_batch(10, 3), "g", "b"));
    CHECK(plain.time_quality_size() == 0);
    CHECK(plain.attributes_size() == 0);
    const auto awkward = parse(forward::encode_protobuf(awkward_batch(), "g", "b"));
    CHECK(awkward.time_quality_size() == 7);
    CHECK(awkward.attributes_size() == 7);
}

TEST_CASE("ten thousand readings of a thousand devices cost under ten bytes each", "[forward]") {
    const auto batch = realistic_batch(10'000, 1000);
    const BatchEncoder encoder(tunis(), uplink(Encoding::protobuf, Compression::zstd));
    const auto start = std::chrono::steady_clock::now();
    const auto encoded = encoder.encode(batch);
    const std::chrono::duration<double, std::micro> cost = std::chrono::steady_clock::now() - start;
    INFO(
        static_cast<double>(encoded.body.size()) / 10'000 << " bytes and " << cost.count() / 10'000
                                                          << " us a reading"
    );
    CHECK(encoded.body.size() < 100'000);
}

TEST_CASE("the same batch always has the same id and the same bytes", "[forward]") {
    const auto encoding = GENERATE(Encoding::json, Encoding::protobuf);
    const auto compression = GENERATE(Compression::none, Compression::gzip, Compression::zstd);
    const auto first =
        BatchEncoder(tunis(), uplink(encoding, compression)).encode(realistic_batch(500, 50));
    const auto second =
        BatchEncoder(tunis(), uplink(encoding, compression)).encode(realistic_batch(500, 50));
    CHECK(first.id == second.id);
    CHECK(first.id.size() == 32);
    CHECK(first.body == second.body);
}

TEST_CASE("whatever changes the bytes changes the id", "[forward]") {
    const auto base = uplink(Encoding::protobuf, Compression::zstd);
    const auto batch = make_batch(1, 10);
    std::vector<std::string> ids;
    ids.push_back(BatchEncoder(tunis(), base).encode(batch).id);
    ids.push_back(BatchEncoder(tunis(), base).encode(make_batch(1, 11)).id);
    ids.push_back(BatchEncoder(tunis(), base).encode(make_batch(2, 10)).id);
    auto thinned = batch;
    thinned.readings.erase(thinned.readings.begin() + 3);
    ids.push_back(BatchEncoder(tunis(), base).encode(thinned).id);
    auto other_dataset = batch;
    other_dataset.dataset = "energy";
    ids.push_back(BatchEncoder(tunis(), base).encode(other_dataset).id);
    auto other_gateway = tunis();
    other_gateway.id = "tunis-bardo-08";
    ids.push_back(BatchEncoder(other_gateway, base).encode(batch).id);
    auto other_uplink = base;
    other_uplink.name = "region";
    ids.push_back(BatchEncoder(tunis(), other_uplink).encode(batch).id);
    ids.push_back(BatchEncoder(tunis(), uplink(Encoding::json, Compression::zstd)).encode(batch).id
    );
    ids.push_back(
        BatchEncoder(tunis(), uplink(Encoding::protobuf, Compression::gzip)).encode(batch).id
    );
    std::sort(ids.begin(), ids.end());
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("the encoded batch names its type and its coding", "[forward]") {
    const auto batch = make_batch(1, 10);
    const auto protobuf =
        BatchEncoder(tunis(), uplink(Encoding::protobuf, Compression::zstd)).encode(batch);
    CHECK(protobuf.content_type == std::string("application/x-protobuf"));
    CHECK(protobuf.content_encoding == std::string("zstd"));
    const auto json =
        BatchEncoder(tunis(), uplink(Encoding::json, Compression::none)).encode(batch);
    CHECK(json.content_type == std::string("application/json"));
    CHECK(json.content_encoding == std::string(""));
    CHECK(boost::json::parse(json.body).at("batch").as_string() == json.id);
}

TEST_CASE("compressed bytes can be restored by zstd and gzip", "[forward][compression]") {
    const std::string bytes = GENERATE(
        std::string(), std::string("short"), forward::encode_json(make_batch(1, 5000), "g", "b")
    );
    const auto zstd = forward::compress(bytes, Compression::zstd);
    std::string restored(bytes.size(), '\0');
    REQUIRE(
        ZSTD_decompress(restored.data(), restored.size(), zstd.data(), zstd.size()) == bytes.size()
    );
    CHECK(restored == bytes);

    auto gzip = forward::compress(bytes, Compression::gzip);
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string inflated(bytes.size() + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(gzip.data());
    stream.avail_in = static_cast<uInt>(gzip.size());
    stream.next_out = reinterpret_cast<Bytef*>(inflated.data());
    stream.avail_out = static_cast<uInt>(inflated.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    inflated.resize(stream.total_out);
    inflateEnd(&stream);
    CHECK(inflated == bytes);
    CHECK(forward::compress(bytes, Compression::none) == bytes);
}

TEST_CASE("digests are those of FIPS 180-4 and RFC 4648", "[forward]") {
    const auto digest = forward::sha256("abc");
    CHECK(
        forward::to_hex(digest) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    CHECK(forward::to_base64(digest) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
}
