#include "gateway/status/words.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/status/utf8.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

TEST_CASE("numbers are grouped by thousands", "[status]") {
    CHECK(status::number_words(0) == "0");
    CHECK(status::number_words(999) == "999");
    CHECK(status::number_words(1'000) == "1,000");
    CHECK(status::number_words(1'234'567) == "1,234,567");
    CHECK(status::number_words(18'446'744'073'709'551'615ULL) == "18,446,744,073,709,551,615");
}

TEST_CASE("tenths are told where they mean something", "[status]") {
    CHECK(status::tenths_words(0) == "0.0");
    CHECK(status::tenths_words(7) == "0.7");
    CHECK(status::tenths_words(999) == "99.9");
    CHECK(status::tenths_words(1'000) == "100");
    CHECK(status::tenths_words(12'345'678) == "1,234,567");
}

TEST_CASE("amounts of memory have a unit and at most one decimal", "[status]") {
    CHECK(status::bytes_words(0) == "0\u00a0bytes");
    CHECK(status::bytes_words(1) == "1\u00a0byte");
    CHECK(status::bytes_words(1'023) == "1,023\u00a0bytes");
    CHECK(status::bytes_words(1'024) == "1\u00a0KiB");
    CHECK(status::bytes_words(1'610'612'736) == "1.5\u00a0GiB");
    CHECK(status::bytes_words(1'099'511'627'775) == "1,023.9\u00a0GiB");
    CHECK(status::bytes_words(~0ULL).ends_with("PiB"));
}

TEST_CASE("durations are told in their two largest units", "[status]") {
    CHECK(status::duration_words(-5) == "0\u00a0s");
    CHECK(status::duration_words(59) == "59\u00a0s");
    CHECK(status::duration_words(60) == "1\u00a0min");
    CHECK(status::duration_words(725) == "12\u00a0min 5\u00a0s");
    CHECK(status::duration_words(3'600) == "1\u00a0h");
    CHECK(status::duration_words(273'845) == "3\u00a0d 4\u00a0h");
    CHECK(status::duration_words(3'650LL * 86'400) == "3,650\u00a0d");
}

TEST_CASE("a time is told in UTC to the second", "[status]") {
    CHECK(
        status::time_words(*model::parse_rfc3339("2026-01-31T23:59:59.9Z")) ==
        "2026-01-31 23:59:59\u00a0UTC"
    );
}

TEST_CASE("every cause of refusal has words", "[status]") {
    for (std::size_t i = 0; i < model::kRefusalCount; ++i) {
        const std::string_view code = model::to_string(static_cast<model::Refusal>(i));
        const std::string_view words = status::cause_words(code);
        CHECK_FALSE(words.empty());
        CHECK(words.find('-') == std::string_view::npos);
    }
    CHECK(status::cause_words("not-in-the-table") == "not-in-the-table");
}

TEST_CASE("only well-formed UTF-8 leaves the gateway", "[status]") {
    const std::string mark = "\xef\xbf\xbd";
    CHECK(status::to_utf8("é 漢 😀") == "é 漢 😀");
    CHECK(
        status::to_utf8("a\xff"
                        "b") == "a" + mark + "b"
    );
    CHECK(status::to_utf8("\xc3") == mark);                        // cut short
    CHECK(status::to_utf8("\xc0\xaf") == mark + mark);             // overlong
    CHECK(status::to_utf8("\xed\xa0\x80") == mark + mark + mark);  // surrogate
    CHECK(status::to_utf8("\xf4\x90\x80\x80").size() == 4 * mark.size());
}
