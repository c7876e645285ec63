#include "corpus.hpp"
#include "outcome.hpp"
#include "uplink_case.hpp"

#include <catch2/catch.hpp>

using namespace gateway::decode;
using gateway::settings::Format;
using Texts = std::vector<std::string>;

namespace {

Format the_things_stack(const std::string& payload = "") {
    Format format;
    format.name = "the-things-stack";
    format.payload = payload;
    return format;
}

std::string uplink(const std::string& members) {
    return R"({"end_device_ids":{"device_id":"bin-7","dev_eui":"0A1B2C3D4E5F6071"},)"
           R"("uplink_message":{"received_at":"2026-02-03T04:05:06Z",)" +
           members + "}}";
}

const std::string kDevice = "0a1b2c3d4e5f6071 ";
const std::string kTime = " 2026-02-03T04:05:06.000Z device";

}  // namespace

TEST_CASE("every case of The Things Stack shows its uplink", "[decode][the-things-stack]") {
    for_each_case("the-things-stack", [](const CorpusCase& corpus_case) {
        check_uplink(corpus_case, "the-things-stack");
    });
}

TEST_CASE("a decoded payload of The Things Stack becomes readings", "[decode][the-things-stack]") {
    auto format = the_things_stack();
    format.quantities = {{"battery.value", "battery.voltage"}};
    const auto outcome = outcome_of(
        format,
        uplink(R"("f_port":1,"frm_payload":"yv4=","decoded_payload":{"fill":61,)"
               R"("battery":{"displayName":"Battery","value":3.123,"unit":"V"}})")
    );
    const std::string rest = kTime + " [device_name=\"bin-7\" f_port=1 f_cnt=0]";
    CHECK(
        outcome.readings ==
        Texts{kDevice + "fill=61" + rest, kDevice + "battery.voltage=3.123" + rest}
    );
}

TEST_CASE("a position in the payload goes before the network's", "[decode][the-things-stack]") {
    const auto outcome = outcome_of(
        the_things_stack("cayenne-lpp"),
        uplink(R"("f_port":1,"frm_payload":"AYgGdl/ylgoAA+g",)"
               R"("locations":{"user":{"latitude":1,"longitude":2}})")
    );
    REQUIRE(outcome.readings.size() == 3);
    CHECK(
        outcome.readings.front() ==
        kDevice + "position.latitude=42.3519 deg" + kTime +
            " [channel=1 lpp_type=136 location=42.3519/-87.9094 device_name=\"bin-7\" f_port=1 "
            "f_cnt=0]"
    );
}

TEST_CASE("damaged messages of The Things Stack leave no trace", "[decode][the-things-stack]") {
    const auto payload = uplink(
        R"("f_port":1,"frm_payload":"A2cBEA==","decoded_payload":{"t":{"x":[1]}},)"
        R"("rx_metadata":[{"rssi":-97,"snr":-2.5}],"locations":{"user":{"latitude":1,"longitude":2}})"
    );
    const auto object = make_decoder(the_things_stack());
    const auto inner = make_decoder(the_things_stack("cayenne-lpp"));
    check_damaged(*object, payload);
    check_damaged(*inner, payload);
}
