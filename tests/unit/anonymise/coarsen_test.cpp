#include "gateway/anonymise/coarsen.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <vector>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

std::string round_text(const char* value, const char* step) {
    const auto result =
        anonymise::rounded(*model::parse_decimal(value), *model::parse_decimal(step));
    return result ? model::to_string(*result) : "nothing";
}

model::Position position(const char* latitude, const char* longitude) {
    return {*model::parse_decimal(latitude), *model::parse_decimal(longitude)};
}

}  // namespace

TEST_CASE("a time becomes the start of its step, before 1970 too", "[anonymise]") {
    const auto coarse = [](const char* time, std::chrono::seconds step) {
        return model::to_rfc3339(anonymise::coarsened(*model::parse_rfc3339(time), step));
    };
    CHECK(coarse("2026-05-01T12:34:56Z", 900s) == "2026-05-01T12:30:00.000Z");
    CHECK(coarse("2026-05-01T12:30:00Z", 900s) == "2026-05-01T12:30:00.000Z");
    CHECK(coarse("1969-12-31T23:59:59Z", 24h) == "1969-12-31T00:00:00.000Z");
}

TEST_CASE("numbers are rounded half to even, exactly", "[anonymise]") {
    CHECK(round_text("1234", "10") == "1230");
    CHECK(round_text("2.5", "1") == "2");
    CHECK(round_text("3.5", "1") == "4");
    CHECK(round_text("-2.5", "1") == "-2");
    CHECK(round_text("-3.7", "1") == "-4");
    CHECK(round_text("0.125", "0.05") == "0.10");
    CHECK(round_text("7", "5") == "5");
    CHECK(round_text("12.299999999999999", "0.01") == "12.30");
    CHECK(round_text("11.399999999999999", "1") == "11");
    CHECK(round_text("21.400000000000002", "0.1") == "21.4");
    CHECK(round_text("1e30", "1") == "nothing");
    CHECK(round_text("999999999999999999", "0.01") == "nothing");
}

TEST_CASE("a number falls into the bin whose lower edge it is not below", "[anonymise]") {
    const std::vector<model::Decimal> edges{{-5, 0}, {0, 0}, {105, -1}};
    const auto bin = [&](const char* value) {
        const auto result = anonymise::binned(*model::parse_decimal(value), edges);
        return result ? model::to_string(*result) : "nothing";
    };
    CHECK(bin("-5.01") == "nothing");
    CHECK(bin("-5") == "-5");
    CHECK(bin("-0.001") == "-5");
    CHECK(bin("0.0") == "0");
    CHECK(bin("10.499") == "0");
    CHECK(bin("10.50") == "10.5");
    CHECK(bin("1e60") == "10.5");
}

TEST_CASE("a number beyond a bound becomes the bound", "[anonymise]") {
    const model::Decimal min{0, 0};
    const model::Decimal max{505, -1};
    CHECK(anonymise::topcoded({-1, 0}, min, max) == min);
    CHECK(anonymise::topcoded({506, -1}, min, max) == max);
    CHECK(anonymise::topcoded({5050, -2}, min, max) == model::Decimal{5050, -2});
    CHECK(anonymise::topcoded({-1, 0}, std::nullopt, max) == model::Decimal{-1, 0});
    CHECK(anonymise::topcoded({1, 60}, min, std::nullopt) == model::Decimal{1, 60});
}

TEST_CASE("near positions share a cell and the cell hides the position", "[anonymise]") {
    const auto cell = anonymise::grid_cell(position("36.80650", "10.18150"), 500);
    const auto near = anonymise::grid_cell(position("36.80652", "10.18153"), 500);
    const auto far = anonymise::grid_cell(position("36.82", "10.18150"), 500);
    REQUIRE((cell && near && far));
    CHECK(*cell == *near);
    CHECK_FALSE(*cell == *far);
    CHECK(std::abs(model::to_double(cell->latitude) - 36.8065) < 500.0 / 111'320 + 1e-5);
}

TEST_CASE(
    "a cell's corner lies in the cell's own neighbourhood everywhere on the Earth", "[anonymise]"
) {
    for (const char* latitude : {"-90", "-89.9999", "-0.0001", "0", "45", "89.9999", "90"}) {
        for (const char* longitude : {"-180", "-0.0001", "0", "179.9999", "180"}) {
            INFO(latitude << " " << longitude);
            const auto cell = anonymise::grid_cell(position(latitude, longitude), 1000);
            REQUIRE(cell);
            CHECK(std::abs(model::to_double(cell->latitude)) <= 90.0);
            CHECK(std::abs(model::to_double(cell->longitude)) <= 180.0);
        }
    }
    CHECK_FALSE(anonymise::grid_cell(position("90.1", "0"), 500));
    CHECK_FALSE(anonymise::grid_cell(position("0", "-180.5"), 500));
}
