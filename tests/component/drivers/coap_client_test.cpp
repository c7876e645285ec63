// The driver against libcoap's own client.
#include "tests/component/drivers/coap_client.hpp"

#include "tests/component/drivers/coap_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using gateway::model::Refusal;

namespace {

std::string plain_url(CoapRig& rig) {
    return "coap://127.0.0.1:" + std::to_string(rig.port()) + "/air/a-1/reading";
}

std::string secure_url(CoapRig& rig) {
    return "coaps://127.0.0.1:" + std::to_string(rig.last_port()) + "/air/a-1/reading";
}

}  // namespace

TEST_CASE("libcoap's client posts a reading", "[coap][client]") {
    CoapRig rig;
    const CoapClient client;
    const std::string printed = client.post(plain_url(rig), {"-t", "json", "-e", R"({"pm":1})"});
    CHECK(printed.empty());
    REQUIRE(rig.sink.count() == 1);
    CHECK(rig.sink.frames().front().topic == "air/a-1/reading");
    CHECK(rig.sink.frames().front().payload == R"({"pm":1})");
}

TEST_CASE("libcoap's client is told why a reading is refused", "[coap][client]") {
    CoapRig rig;
    const CoapClient client;
    rig.sink.refuse_next(Refusal::unknown_topic);
    CHECK_THAT(client.post(plain_url(rig), {"-e", "1"}), Catch::StartsWith("4.04"));
    CHECK_THAT(client.post(plain_url(rig), {"-t", "60", "-e", "1"}), Catch::StartsWith("4.15"));
    CHECK_THAT(client.post(plain_url(rig), {"-m", "get"}), Catch::StartsWith("4.05"));
}

TEST_CASE("libcoap's client sends 100 kB in blocks", "[coap][client]") {
    const std::string block_size = GENERATE("1024", "64");
    CoapRig rig;
    const CoapClient client;
    std::string body;
    for (int i = 0; body.size() < 100'000; ++i) body += std::to_string(i);
    const std::string file = client.directory.write("body", body);
    CHECK(client.post(plain_url(rig), {"-b", block_size, "-f", file}).empty());
    REQUIRE(rig.sink.count() == 1);
    CHECK(rig.sink.frames().front().payload == body);
}

TEST_CASE("libcoap's client is told a body's bound", "[coap][client]") {
    CoapRig rig;
    const CoapClient client;
    const std::string file = client.directory.write("body", std::string(200'000, 'x'));
    CHECK_THAT(client.post(plain_url(rig), {"-b", "1024", "-f", file}), Catch::StartsWith("4.13"));
    CHECK(rig.sink.count() == 0);
}

TEST_CASE(
    "over DTLS each key belongs to one identity, which is the frame's peer", "[coap][client]"
) {
    const CoapClient client;
    CoapRig rig(secure_source(client.directory));
    REQUIRE(rig.started);
    SECTION("the right key") {
        client.post(secure_url(rig), {"-u", "air-07", "-k", "sesame", "-e", "7"});
        client.post(secure_url(rig), {"-u", "air-08", "-k", "tahini", "-e", "8"});
        REQUIRE(rig.sink.count() == 2);
        CHECK(rig.sink.frames()[0].peer == "air-07");
        CHECK(rig.sink.frames()[1].peer == "air-08");
    }
    SECTION("and speaks for its own device alone") {
        client.post(secure_url(rig), {"-u", "air-07", "-k", "sesame", "-e", "7"});
        REQUIRE(rig.sink.count() == 1);
        CHECK_FALSE(rig.sink.frames()[0].speaks_for_others);
    }
    SECTION("a body in blocks") {
        const std::string file = client.directory.write("body", std::string(20'000, 'x'));
        client.post(secure_url(rig), {"-u", "air-07", "-k", "sesame", "-f", file});
        REQUIRE(rig.sink.count() == 1);
        CHECK(rig.sink.frames()[0].payload.size() == 20'000);
    }
    SECTION("another's key, a wrong key, an unknown identity") {
        client.post(secure_url(rig), {"-B", "2", "-u", "air-07", "-k", "tahini", "-e", "1"});
        client.post(secure_url(rig), {"-B", "2", "-u", "air-07", "-k", "guess", "-e", "1"});
        client.post(secure_url(rig), {"-B", "2", "-u", "air-09", "-k", "sesame", "-e", "1"});
        CHECK(rig.sink.count() == 0);
        client.post(secure_url(rig), {"-u", "air-07", "-k", "sesame", "-e", "7"});
        CHECK(rig.sink.count() == 1);
    }
    CHECK_THAT(rig.log.text(), !Catch::Contains("sesame") && !Catch::Contains("air-07"));
}

TEST_CASE("the keys of a file hold over DTLS as long as they are in it", "[coap][client]") {
    const CoapClient client;
    auto source = coap_source();
    auto& server = std::get<gateway::settings::CoapServer>(source.driver);
    server.listen_secure = "127.0.0.1:0";
    const auto write = [&](const char* lines) { return client.directory.write("keys", lines); };
    server.device_keys = {write("air-07:sesame-seeds\nair-08:tahini-sauce\n")};
    CoapRig rig(source);
    REQUIRE(rig.started);
    const std::vector<std::string> first{
        "-B", "2", "-u", "air-07", "-k", "sesame-seeds", "-e", "7"};
    const std::vector<std::string> second{"-u", "air-08", "-k", "tahini-sauce", "-e", "8"};
    client.post(secure_url(rig), first);
    client.post(secure_url(rig), second);
    REQUIRE(rig.sink.count() == 2);
    CHECK(rig.sink.frames()[0].peer == "air-07");
    write("air-08:tahini-sauce\n");
    REQUIRE(eventually([&] { return rig.log.text().find("keys-renewed") != std::string::npos; }));
    client.post(secure_url(rig), first);
    CHECK(rig.sink.count() == 2);
    client.post(secure_url(rig), second);
    CHECK(rig.sink.count() == 3);
    write("air-07\n");
    REQUIRE(eventually([&] { return rig.log.text().find("keys-unreadable") != std::string::npos; })
    );
    client.post(secure_url(rig), second);
    CHECK(rig.sink.count() == 4);
    CHECK_THAT(rig.log.text(), !Catch::Contains("tahini") && !Catch::Contains("sesame"));
}

TEST_CASE("tables of access say over CoAP who may post where", "[coap][client]") {
    const CoapClient client;
    auto source = secure_source(client.directory);
    source.topics = {"air/{device}/reading"};
    std::get<gateway::settings::CoapServer>(source.driver).access = {
        {"air-07", {"air/+/reading"}}, {"air-08", {"air/{device}/reading"}}};
    CoapRig rig(source);
    REQUIRE(rig.started);
    const auto own_url =
        "coaps://127.0.0.1:" + std::to_string(rig.last_port()) + "/air/air-08/reading";
    const std::vector<std::string> as_hub{"-u", "air-07", "-k", "sesame", "-e", "7"};
    const std::vector<std::string> as_device{"-u", "air-08", "-k", "tahini", "-e", "8"};

    CHECK(client.post(secure_url(rig), as_hub).empty());
    CHECK(client.post(own_url, as_device).empty());
    CHECK_THAT(client.post(secure_url(rig), as_device), Catch::StartsWith("4.03 not-authorised"));
    REQUIRE(rig.sink.count() == 2);
    CHECK(rig.sink.frames()[0].speaks_for_others);
    CHECK_FALSE(rig.sink.frames()[1].speaks_for_others);
    CHECK(rig.refused() == std::map<Refusal, int>{{Refusal::not_authorised, 1}});
}
