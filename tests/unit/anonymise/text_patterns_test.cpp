#include "gateway/anonymise/text_patterns.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

std::string left_of(std::string_view text) {
    return anonymise::without_patterns(text).value_or("nothing");
}

}  // namespace

TEST_CASE("a text without patterns stays", "[anonymise][text]") {
    for (const char* text :
         {"vanne fermée",
          "room 12, floor 3",
          "12.5 bar",
          "seen 06:15",
          "v1.2.3",
          "a-b (c) <d>",
          "12345",
          "عداد الماء"})
        CHECK(left_of(text) == text);
}

TEST_CASE("what has the shape of an identity is taken out", "[anonymise][text]") {
    CHECK(left_of("write to a.b@x.tn please") == "write to [removed] please");
    CHECK(left_of("(a@x.tn)") == "([removed])");
    CHECK(left_of("a @ x.tn") == "[removed]");
    CHECK(left_of("call +216 71 123 456 now") == "call [removed] now");
    CHECK(left_of("tel:71.123.456.") == "tel:[removed].");
    CHECK(left_of("(71) 123-456") == "([removed]");
    CHECK(left_of("tél 06/12/34/56/78") == "tél [removed]");
    CHECK(left_of("06 - 12 - 34 - 56 - 78") == "[removed]");
    CHECK(left_of("06,12,34,56,78") == "[removed]");
    CHECK(left_of("06·12·34·56·78") == "[removed]");
    CHECK(left_of("a.b  @  x.tn") == "[removed]");
    CHECK(left_of("IP10.0.0.1 up") == "IP[removed] up");
    CHECK(left_of("meter 12345678901") == "meter [removed]");
    CHECK(left_of("from 10.0.0.1, twice") == "from [removed], twice");
    CHECK(left_of("at fe80::1%eth0") == "at [removed]%eth0");
    CHECK(left_of("[2001:db8::1]:80") == "[[removed]]:80");
    CHECK(left_of("mac 00:1b:c5:0a:bc:de.") == "mac [removed].");
    CHECK(left_of("aa-bb-cc-dd-ee-ff") == "[removed]");
    CHECK(left_of("NO93 8601 1117 947 paid") == "[removed] paid");
    CHECK(left_of("MT84MALTABCDEFGHJKLMNOP") == "MT84MALTABCDEFGHJKLMNOP");
}

TEST_CASE("other scripts and unseen characters hide nothing", "[anonymise][text]") {
    CHECK(left_of("هاتف ٧١١٢٣٤٥٦") == "هاتف [removed]");
    CHECK(left_of("71\u200b123\u200b456") == "[removed]");
    CHECK(left_of("71\u202f123\u00a0456") == "[removed]");
    CHECK(left_of("a＠x.tn") == "[removed]");
    CHECK(left_of("߇߁߁߂߃߄߅߆") == "[removed]");
    CHECK(left_of("𝟕𝟏𝟏𝟐𝟑𝟒𝟓𝟔") == "[removed]");
    CHECK(left_of("71\u061c123\u061c456") == "[removed]");
}

TEST_CASE("a text over 32 characters is dropped, whatever is in it", "[anonymise][text]") {
    CHECK(left_of(std::string(32, 'a')) == std::string(32, 'a'));
    CHECK(left_of(std::string(33, 'a')) == "nothing");
    std::string accents;
    for (int i = 0; i < 32; ++i) accents += "é";
    CHECK(left_of(accents) == accents);
    CHECK(left_of(accents + "é") == "nothing");
}

TEST_CASE("what is no plain text is dropped", "[anonymise][text]") {
    for (const char* text : {"", " ", "a\nb", "a\tb", "\xff", "a\x7f", "\xc3", "\u0085"})
        CHECK(left_of(text) == "nothing");
}
