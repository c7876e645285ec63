#include "corpus.hpp"
#include "outcome.hpp"

#include <catch2/catch.hpp>

using namespace gateway::decode;
using gateway::model::Refusal;
using Texts = std::vector<std::string>;

namespace {

gateway::settings::Format cayenne_lpp() {
    gateway::settings::Format format;
    format.name = "cayenne-lpp";
    return format;
}

// The values of an item: a number, or a list of one number an axis.
std::vector<double> expected_values(const simdjson::dom::element& item) {
    simdjson::dom::array axes;
    if (item["value"].get(axes) != simdjson::SUCCESS) return {item["value"].get_double().value()};
    std::vector<double> values;
    for (const auto axis : axes) values.push_back(axis.get_double().value());
    return values;
}

void check_items(std::span<const gateway::model::Reading> readings, simdjson::dom::array items) {
    std::size_t at = 0;
    for (const auto item : items) {
        for (const double value : expected_values(item)) {
            REQUIRE(at < readings.size());
            const auto& reading = readings[at++];
            CHECK(attribute_of(reading, "channel") == std::to_string(item["channel"].get_int64()));
            CHECK(attribute_of(reading, "lpp_type") == std::to_string(item["type"].get_int64()));
            CHECK(to_double(std::get<gateway::model::Decimal>(reading.value)) == value);
        }
    }
    CHECK(at == readings.size());
}

}  // namespace

TEST_CASE("every Cayenne LPP case of the corpus gives its values", "[decode][cayenne-lpp]") {
    const auto decoder = make_decoder(cayenne_lpp());
    for_each_case("cayenne-lpp", [&](const CorpusCase& corpus_case) {
        gateway::model::Frame frame;
        frame.payload = corpus_case.payload;
        gateway::model::Readings readings;
        const auto decoded = decoder->decode(frame, readings);
        std::string_view error;
        if (corpus_case.expected["error"].get(error) == simdjson::SUCCESS) {
            REQUIRE_FALSE(decoded);
            CHECK(to_string(decoded.error().cause) == error);
        } else {
            REQUIRE(decoded);
            check_items(readings.all(), corpus_case.expected["items"].get_array().value());
        }
    });
}

TEST_CASE("a Cayenne LPP value keeps the digits of its resolution", "[decode][cayenne-lpp]") {
    const auto outcome = outcome_of(cayenne_lpp(), from_hex("0367011005670000"));
    CHECK(
        outcome.readings ==
        Texts{
            "temperature=27.2 Cel [channel=3 lpp_type=103]",
            "temperature=0.0 Cel [channel=5 lpp_type=103]"}
    );
}

TEST_CASE("a Cayenne LPP position is three readings and a location", "[decode][cayenne-lpp]") {
    const auto outcome = outcome_of(cayenne_lpp(), from_hex("018806765ff2960a0003e8"));
    const std::string attributes = " [channel=1 lpp_type=136 location=42.3519/-87.9094]";
    CHECK(
        outcome.readings ==
        Texts{
            "position.latitude=42.3519 deg" + attributes,
            "position.longitude=-87.9094 deg" + attributes,
            "position.altitude=10.00 m" + attributes}
    );
}

TEST_CASE("Cayenne LPP quantities are renamed by type and by channel", "[decode][cayenne-lpp]") {
    auto format = cayenne_lpp();
    format.quantities = {
        {"temperature", "air.temperature"},
        {"temperature.5", "water.temperature"},
        {"acceleration.z", "tilt"},
        {"acceleration.z.3", "vibration"}};
    const auto decoder = make_decoder(format);
    CHECK(
        outcome_of(*decoder, from_hex("036701100567ffff")).readings ==
        Texts{
            "air.temperature=27.2 Cel [channel=3 lpp_type=103]",
            "water.temperature=-0.1 Cel [channel=5 lpp_type=103]"}
    );
    CHECK(
        outcome_of(*decoder, from_hex("0371000100020003")).readings.back() ==
        "vibration=0.003 [g] [channel=3 lpp_type=113]"
    );
    CHECK(
        outcome_of(*decoder, from_hex("0471000100020003")).readings.back() ==
        "tilt=0.003 [g] [channel=4 lpp_type=113]"
    );
}

TEST_CASE("a Cayenne LPP frame is kept whole or not at all", "[decode][cayenne-lpp]") {
    const auto decoder = make_decoder(cayenne_lpp());
    CHECK(outcome_of(*decoder, from_hex("036701100567")).cause == Refusal::truncated);
    CHECK(outcome_of(*decoder, from_hex("0367011005")).cause == Refusal::truncated);
    CHECK(outcome_of(*decoder, from_hex("0367011001f001020304")).cause == Refusal::malformed);
    CHECK(outcome_of(*decoder, from_hex("0167ff")).cause == Refusal::truncated);
    CHECK(outcome_of(*decoder, "").readings.empty());
    CHECK(outcome_of(*decoder, "{\"temperature\": 21.5}").cause);
    const std::string many(3 * 10'001, '\0');
    CHECK(outcome_of(*decoder, many).cause == Refusal::limit_exceeded);
}

TEST_CASE("damaged Cayenne LPP frames leave no trace", "[decode][cayenne-lpp]") {
    const auto decoder = make_decoder(cayenne_lpp());
    check_damaged(*decoder, from_hex("0367011005680a018806765ff2960a0003e80171000100020003"));
}
