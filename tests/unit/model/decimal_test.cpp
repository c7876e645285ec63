#include "gateway/model/decimal.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace gateway::model;

TEST_CASE("a number keeps the digits it was written with", "[model]") {
    for (const char* text :
         {"0", "1", "-1", "1.50", "0.001", "-0.250", "12000", "999999999999999999", "0.00"}) {
        const auto value = parse_decimal(text);
        REQUIRE(value);
        CHECK(to_string(*value) == text);
    }
    CHECK(to_string(*parse_decimal("1.320078429e+09")) == "1320078429");
    CHECK(to_string(*parse_decimal("12e3")) == "12000");
    CHECK(to_string(*parse_decimal("-0")) == "0");
    CHECK(to_string(*parse_decimal("1e30")) == "1e30");
    CHECK(to_string(*parse_decimal("100000000000000000000000")) == "100000000000000000000000");
    CHECK(*parse_decimal("1.50") == Decimal{150, -2});
}

TEST_CASE("what is not a JSON number or does not fit is not a decimal", "[model]") {
    for (const char* text :
         {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "NaN", "1 ", "0x1", "1e400", "1.2.3"}) {
        INFO(text);
        CHECK_FALSE(parse_decimal(text));
    }
    CHECK_FALSE(parse_decimal("1234567890123456789"));
    CHECK_FALSE(parse_decimal(std::string(400, '7')));
    CHECK_FALSE(parse_decimal(std::string(401, '0')));
}

TEST_CASE("a double becomes the shortest decimal that reads back as it", "[model]") {
    CHECK(to_string(*decimal_from(0.1)) == "0.1");
    CHECK(to_string(*decimal_from(1.1f)) == "1.1");
    CHECK(to_string(*decimal_from(-273.15)) == "-273.15");
    CHECK(to_double(*decimal_from(1.0 / 3)) == 1.0 / 3);
    CHECK_FALSE(decimal_from(std::nan("")));
    CHECK_FALSE(decimal_from(HUGE_VAL));
}

TEST_CASE("comparison is exact over different exponents", "[model]") {
    const auto order = [](const char* left, const char* right) {
        return compare(*parse_decimal(left), *parse_decimal(right));
    };
    CHECK(order("1.5", "1.50") == std::strong_ordering::equal);
    CHECK(order("-2", "1") == std::strong_ordering::less);
    CHECK(order("-10", "-9.99") == std::strong_ordering::less);
    CHECK(order("1e18", "999999999999999999") == std::strong_ordering::greater);
    CHECK(order("0", "0.00") == std::strong_ordering::equal);
    CHECK(order("1e-60", "1e60") == std::strong_ordering::less);
}

TEST_CASE("a sum is exact or refused", "[model]") {
    const auto total = [](const char* left, const char* right) {
        const auto result = sum(*parse_decimal(left), *parse_decimal(right));
        return result ? to_string(*result) : "none";
    };
    CHECK(total("1.5", "2.25") == "3.75");
    CHECK(total("1320067464", "0.001") == "1320067464.001");
    CHECK(total("0.1", "-0.1") == "0.0");
    CHECK(total("0", "1.50") == "1.50");
    CHECK(total("999999999999999999", "1") == "1000000000000000000");
    CHECK(total("999999999999999999", "0.1") == "none");
    CHECK(total("1e30", "1") == "none");
    CHECK(total("-1e64", "1e64") == "0e64");
}

TEST_CASE("a mantissa and an exponent make a decimal when they fit", "[model]") {
    const auto text = [](std::int64_t mantissa, int exponent) {
        const auto value = decimal_from(mantissa, exponent);
        return value ? to_string(*value) : "none";
    };
    CHECK(text(27315, -2) == "273.15");
    CHECK(text(1'000'000'000'000'000'000, 0) == "1000000000000000000");
    CHECK(text(1'000'000'000'000'000'001, 0) == "none");
    CHECK(text(std::numeric_limits<std::int64_t>::min(), 0) == "none");
    CHECK(text(1, 66) == "100e64");
    CHECK(text(100, -66) == "1e-64");
    CHECK(text(1, std::numeric_limits<int>::max()) == "none");
    CHECK(text(1, std::numeric_limits<int>::min()) == "none");
    CHECK(text(0, std::numeric_limits<int>::min()) == "0e-64");
}
