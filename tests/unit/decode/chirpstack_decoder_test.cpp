#include "corpus.hpp"
#include "outcome.hpp"
#include "uplink_case.hpp"

#include <catch2/catch.hpp>

using namespace gateway::decode;
using gateway::model::Refusal;
using gateway::settings::Format;
using Texts = std::vector<std::string>;

namespace {

Format chirpstack(const std::string& payload = "") {
    Format format;
    format.name = "chirpstack";
    format.payload = payload;
    return format;
}

// A version 4 uplink with the members that a test is about.
std::string uplink(const std::string& members) {
    return R"({"time":"2026-02-03T04:05:06Z","deviceInfo":{"devEui":"0A1B2C3D4E5F6071"},"fPort":2,)" +
           members + "}";
}

const std::string kDevice = "0a1b2c3d4e5f6071 ";
const std::string kTime = " 2026-02-03T04:05:06.000Z device";

}  // namespace

TEST_CASE("every ChirpStack case of the corpus shows its uplink", "[decode][chirpstack]") {
    for_each_case("chirpstack", [](const CorpusCase& corpus_case) {
        check_uplink(corpus_case, "chirpstack");
    });
}

TEST_CASE("what the codec made of an uplink becomes readings", "[decode][chirpstack]") {
    auto format = chirpstack();
    format.quantities = {{"air.pm25", "air.pm2_5"}};
    const auto outcome = outcome_of(
        format,
        uplink(R"("data":"yv4=","object":{"t":21.50,"air":{"pm25":7,"ok":true,"unit":"ug/m3"},)"
               R"("list":[1,{"x":2}],"none":null})")
    );
    const std::string rest = kTime + " [f_port=2]";
    CHECK(
        outcome.readings ==
        Texts{
            kDevice + "t=21.50" + rest,
            kDevice + "air.pm2_5=7" + rest,
            kDevice + "air.ok=true" + rest,
            kDevice + "list.0=1" + rest,
            kDevice + "list.1.x=2" + rest}
    );
}

TEST_CASE("an object that says nothing in numbers shows the bytes", "[decode][chirpstack]") {
    for (const char* object : {R"({"led":"on"})", "{}", "null", R"("x")"}) {
        INFO(object);
        const auto outcome =
            outcome_of(chirpstack(), uplink(R"("data":"yv4=","object":)" + std::string{object}));
        CHECK(
            outcome.readings == Texts{kDevice + "lorawan.payload=\"cafe\"" + kTime + " [f_port=2]"}
        );
    }
}

TEST_CASE("version 3 has its object in a JSON text", "[decode][chirpstack]") {
    const std::string start = R"({"devEUI":"ChssPU5fYHE=","fPort":5,"data":"yv4=","objectJSON":)";
    const auto decoder = make_decoder(chirpstack());
    CHECK(
        outcome_of(*decoder, start + R"("{\"a\":{\"b\":1.0}}"})").readings ==
        Texts{kDevice + "a.b=1.0 [f_port=5]"}
    );
    CHECK(outcome_of(*decoder, start + R"("{\"a\":1"})").cause == Refusal::truncated);
    CHECK(outcome_of(*decoder, start + R"("{\"a\":NaN}"})").cause == Refusal::malformed);
    CHECK(outcome_of(*decoder, start + R"("null"})").readings.size() == 1);
}

TEST_CASE("the payload of an uplink is read by its own format", "[decode][chirpstack]") {
    auto format = chirpstack("cayenne-lpp");
    format.quantities = {{"temperature.3", "air.temperature"}};
    const auto decoder = make_decoder(format);
    const auto outcome = outcome_of(
        *decoder, uplink(R"("data":"A2cBEAUQ" ,"rxInfo":[{"rssi":-97,"snr":5}],"object":{"t":1})")
    );
    CHECK(outcome.cause == Refusal::malformed);
    CHECK(
        outcome_of(*decoder, uplink(R"("data":"A2cBEA==","fCnt":7,"object":{"t":1})")).readings ==
        Texts{
            kDevice + "air.temperature=27.2 Cel" + kTime +
            " [channel=3 lpp_type=103 f_port=2 f_cnt=7]"}
    );
    CHECK(outcome_of(*decoder, uplink(R"("data":"A2cB")")).cause == Refusal::truncated);
    CHECK(outcome_of(*decoder, uplink(R"("data":"")")).readings.empty());
    CHECK(outcome_of(*decoder, uplink(R"("data":null,"object":{"t":1})")).readings.empty());
}

TEST_CASE("a number that cannot be kept refuses the whole object", "[decode][chirpstack]") {
    CHECK(
        outcome_of(chirpstack(), uplink(R"("data":"yv4=","object":{"a":1,"b":1e99})")).cause ==
        Refusal::not_representable
    );
}

TEST_CASE("the values of an object are bounded", "[decode][chirpstack]") {
    const auto decoder = make_decoder(chirpstack());
    std::string many = "0";
    for (int i = 0; i < 10'000; ++i) many += ",0";
    CHECK(
        outcome_of(*decoder, uplink(R"("object":{"x":[)" + many + "]}")).cause ==
        Refusal::limit_exceeded
    );
    CHECK(
        outcome_of(*decoder, uplink(R"("object":{")" + std::string(257, 'x') + R"(":1})")).cause ==
        Refusal::limit_exceeded
    );
    CHECK(
        outcome_of(*decoder, uplink(R"("object":{")" + std::string(256, 'x') + R"(":1})"))
            .readings.size() == 1
    );
}

TEST_CASE("damaged ChirpStack events leave no trace", "[decode][chirpstack]") {
    const auto v4 = uplink(
        R"("fCnt":7,"data":"A2cBEA==","rxInfo":[{"rssi":-97,"snr":-2.5},{"rssi":-36}],"object":{"t":[1]})"
    );
    const std::string v3 =
        R"({"devEUI":"ChssPU5fYHE=","fPort":5,"data":"A2cBEA","objectJSON":"{\"a\":[true]}"})";
    const auto object = make_decoder(chirpstack());
    const auto inner = make_decoder(chirpstack("cayenne-lpp"));
    for (Decoder* decoder : {object.get(), inner.get()}) {
        check_damaged(*decoder, v4);
        check_damaged(*decoder, v3);
    }
}
