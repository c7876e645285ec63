// Updates over CoAP against libcoap's own client; the depot does what the test says.
#include "tests/component/drivers/coap_client.hpp"

#include <catch2/catch.hpp>
#include <passerelle/v1/node.pb.h>

using namespace tests::drivers;
using gateway::firmware::Depot;
using gateway::firmware::DeviceState;
using passerelle::v1::NodeUpdateState;

namespace {

constexpr const char* kIntroduction =
    "?vendor=acme&class=meter&firmware=3&settings=2&trial=1&bytes=65536";

struct Fixture {
    // What the device "air-07" is answered.
    std::string ask(
        const std::string& method, const std::string& path, std::vector<std::string> options = {}
    ) {
        options.insert(options.begin(), {"-u", "air-07", "-k", "sesame"});
        const auto port = std::to_string(rig.last_port());
        return client.ask(method, "coaps://127.0.0.1:" + port + "/" + path, options);
    }
    std::string get(const std::string& path, std::vector<std::string> options = {}) {
        return ask("get", path, std::move(options));
    }
    std::string offer(const std::string& introduction = kIntroduction) {
        return get("firmware/offer" + introduction);
    }
    // The body in a file, as it may be any bytes.
    std::string fetch(const std::string& path, std::vector<std::string> options = {}) {
        const std::string file = client.directory.file("body");
        std::filesystem::remove(file);
        options.insert(options.end(), {"-o", file});
        printed = get(path, std::move(options));
        return std::filesystem::exists(file) ? tests::support::read_file(file) : "";
    }
    void stock(std::uint32_t update, const std::string& image) {
        rig.reactor.call([&] { rig.depot.stock(update, image); });
    }
    template <class Look>
    auto look(Look at) {
        return rig.reactor.call([&] { return at(rig.depot); });
    }

    CoapClient client;
    CoapRig rig{secure_source(client.directory), true};
    std::string printed;
};

std::string state(std::uint32_t update, NodeUpdateState::State state) {
    NodeUpdateState message;
    message.set_update(update);
    message.set_state(state);
    return message.SerializeAsString();
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a device asks what there is for it", "[coap][update]") {
    CHECK_THAT(offer(), Catch::StartsWith("4.04"));
    stock(7, image_of(5000));
    CHECK(fetch("firmware/offer" + std::string(kIntroduction)) == "signed manifest 7");
    const auto devices = look([](const auto& depot) { return depot.introduced; });
    REQUIRE(devices.size() == 2);
    CHECK(devices[1].source == "air");
    CHECK(devices[1].label.empty());
    CHECK(devices[1].name == "air-07");
    CHECK(devices[1].vendor == "acme");
    CHECK(devices[1].device_class == "meter");
    CHECK(devices[1].firmware == 3);
    CHECK(devices[1].settings == 2);
    CHECK(devices[1].is_on_trial);
    CHECK(devices[1].image_bytes_max == 65'536);
    CHECK(rig.sink.count() == 0);
    CHECK(rig.refused().empty());
    CHECK(rig.log.text().find("air-07") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "an image comes in blocks of the device's size", "[coap][update]") {
    const auto image = image_of(20'001);
    stock(7, image);
    offer();
    const auto check = [&](const std::string& expected, std::vector<std::string> options) {
        const bool is_whole = fetch("firmware/image/7", std::move(options)) == expected;
        INFO(printed);
        CHECK(is_whole);
    };
    check(image, {});
    check(image, {"-b", "1024"});
    check(image, {"-b", "64"});
    // One block, as after an interruption.
    check(image.substr(10 * 512, 512), {"-b", "10,512"});
    check(image.substr(39 * 512), {"-b", "39,512"});
    // A manifest in blocks as well.
    CHECK(
        fetch("firmware/offer" + std::string(kIntroduction), {"-b", "16"}) == "signed manifest 7"
    );
}

TEST_CASE_METHOD(
    Fixture, "what there is not, is withdrawn or too fast has a code", "[coap][update]"
) {
    const auto image = image_of(3000);
    stock(7, image);
    CHECK_THAT(get("firmware/image/7"), Catch::StartsWith("4.04"));  // not introduced yet
    offer();
    CHECK_THAT(get("firmware/image/8"), Catch::StartsWith("4.04"));
    CHECK_THAT(get("firmware/image/x"), Catch::StartsWith("4.04"));
    CHECK_THAT(get("firmware/image/7", {"-b", "99,64"}), Catch::StartsWith("4.00"));
    rig.reactor.call([&] { rig.depot.no_piece = Depot::NoPiece::rate; });
    CHECK_THAT(get("firmware/image/7", {"-b", "64"}), Catch::StartsWith("4.29"));
    const bool is_whole = fetch("firmware/image/7") == image;
    CHECK(is_whole);
    rig.reactor.call([&] { rig.depot.offer.reset(); });
    CHECK_THAT(get("firmware/image/7", {"-b", "3,64"}), Catch::StartsWith("4.04"));
}

TEST_CASE_METHOD(Fixture, "a device says how it went", "[coap][update]") {
    stock(7, image_of(100));
    offer();
    const auto file = client.directory.write("state", state(7, NodeUpdateState::ROLLED_BACK));
    CHECK(ask("post", "firmware/state", {"-t", "42", "-f", file}).empty());
    const auto reported = look([](const auto& depot) { return depot.reported; });
    REQUIRE(reported.size() == 1);
    CHECK(reported[0].first == "air-07");
    CHECK(reported[0].second.update == 7);
    CHECK(reported[0].second.state == DeviceState::rolled_back);
    CHECK_THAT(ask("post", "firmware/state", {"-e", "x"}), Catch::StartsWith("4.00 malformed"));
    CHECK_THAT(ask("post", "firmware/state", {"-t", "50", "-f", file}), Catch::StartsWith("4.15"));
    CHECK_THAT(get("firmware/state"), Catch::StartsWith("4.05"));
    CHECK_THAT(ask("post", "firmware/offer"), Catch::StartsWith("4.05"));
}

TEST_CASE_METHOD(Fixture, "an introduction that says too little is refused", "[coap][update]") {
    const auto [query, why] = GENERATE(
        std::pair{"", "4.00 bad-query vendor"},
        std::pair{"?vendor=acme&bytes=9", "4.00 bad-query class"},
        std::pair{"?vendor=acme&class=meter", "4.00 bad-query bytes"},
        std::pair{"?vendor=acme&class=meter&bytes=-1", "4.00 bad-query bytes=-1"},
        std::pair{"?vendor=a+b&class=meter&bytes=1", "4.00 bad-query vendor=a+b"},
        std::pair{"?vendor=acme&class=meter&bytes=1&trial=2", "4.00 bad-query trial=2"},
        std::pair{"?vendor=acme&class=meter&bytes=4294967296", "4.00 bad-query bytes=4294967296"},
        std::pair{"?vendor=acme&class=meter&bytes=1&colour=3", "4.00 bad-query colour=3"}
    );
    CHECK_THAT(offer(query), Catch::StartsWith(why));
    CHECK(look([](const auto& depot) { return depot.introduced; }).empty());
}

TEST_CASE_METHOD(Fixture, "over plain UDP nobody is told of updates", "[coap][update]") {
    stock(7, image_of(100));
    offer();
    const auto url = "coap://127.0.0.1:" + std::to_string(rig.port()) + "/firmware/";
    const std::string introduction = std::string("offer") + kIntroduction;
    for (const std::string& path : {introduction, std::string("image/7")})
        CHECK_THAT(client.ask("get", url + path, {}), Catch::StartsWith("4.01 dtls-only"));
    CHECK_THAT(client.post(url + "state", {"-e", "x"}), Catch::StartsWith("4.01 dtls-only"));
    CHECK(look([](const auto& depot) { return depot.introduced; }).size() == 1);
}

TEST_CASE("without a depot the paths of updates are like any other", "[coap][update]") {
    const CoapClient client;
    CoapRig rig(secure_source(client.directory));
    const auto url = "coap://127.0.0.1:" + std::to_string(rig.port()) + "/firmware/";
    CHECK_THAT(client.ask("get", url + "offer", {}), Catch::StartsWith("4.05"));
    CHECK(client.post(url + "state", {"-e", "1"}).empty());
    REQUIRE(rig.sink.count() == 1);
    CHECK(rig.sink.frames()[0].topic == "firmware/state");
}

TEST_CASE_METHOD(Fixture, "with one, other paths below theirs are of readings", "[coap][update]") {
    CHECK(ask("post", "firmware/other", {"-e", "1"}).empty());
    CHECK(ask("post", "firmware", {"-e", "1"}).empty());
    CHECK(rig.sink.count() == 2);
}
