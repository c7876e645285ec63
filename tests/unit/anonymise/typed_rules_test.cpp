#include "gateway/anonymise/attribute_rules.hpp"
#include "tests/unit/anonymise/policy_fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using tests::PolicyFixture;

namespace {

settings::Pseudonym typed(settings::Form form, std::string country = {}) {
    return {24h, form, std::move(country)};
}

}  // namespace

TEST_CASE("the same identity in another spelling has the same pseudonym", "[anonymise]") {
    PolicyFixture fixture{
        {{"device", settings::Keep{}},
         {"phone", typed(settings::Form::phone, "216")},
         {"mac", typed(settings::Form::mac)},
         {"ip", typed(settings::Form::ip)}}};
    const auto first = fixture.attributes(
        {{"phone", std::string_view("+216 71 123 456")},
         {"mac", std::string_view("00:1B:C5:0A:BC:DE")},
         {"ip", std::string_view("::ffff:192.0.2.1")}}
    );
    CHECK(
        first == fixture.attributes(
                     {{"phone", model::Decimal{71123456, 0}},
                      {"mac", std::string_view("001bc50abcde")},
                      {"ip", std::string_view("192.0.2.1")}}
                 )
    );
    CHECK(first.find("71") == std::string::npos);
    CHECK(first.find("00:1b") == std::string::npos);
    CHECK(fixture.fields_dropped() == 0);
}

TEST_CASE("a field that is not of its type is dropped and counted", "[anonymise]") {
    PolicyFixture fixture{
        {{"device", settings::Keep{}},
         {"phone", typed(settings::Form::phone, "216")},
         {"email", typed(settings::Form::email)},
         {"iban", typed(settings::Form::iban)},
         {"name", typed(settings::Form::name)},
         {"ip", settings::Network{}},
         {"note", settings::Patterns{}}}};
    const std::string prose(40, 'x');
    CHECK(fixture
              .attributes(
                  {{"phone", std::string_view("after six")},
                   {"email", std::string_view("none")},
                   {"iban", std::string_view("FR1520041010050500013M02606")},
                   {"name", std::string_view("Benali 4")},
                   {"ip", std::string_view("192.0.2.1:80")},
                   {"note", std::string_view(prose)}}
              )
              .empty());
    CHECK(fixture.fields_dropped() == 6);
}

TEST_CASE("a device that is a hardware address has one pseudonym", "[anonymise]") {
    PolicyFixture fixture{{{"device", typed(settings::Form::mac)}}};
    const auto first = fixture.device("00-1B-C5-0A-BC-DE");
    REQUIRE(first);
    CHECK(first->size() == 26);
    CHECK(*fixture.device("001bc50abcde") == *first);
    const auto refused = fixture.device("meter-1");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::unknown_device);
}

TEST_CASE("a pseudonym without a form is of what was sent", "[anonymise]") {
    PolicyFixture plain{{{"device", settings::Pseudonym{24h}}}};
    CHECK(*plain.device("00:1b:c5:0a:bc:de") != *plain.device("00-1b-c5-0a-bc-de"));
    PolicyFixture typed_device{{{"device", typed(settings::Form::mac)}}};
    CHECK(*plain.device("00:1b:c5:0a:bc:de") == *typed_device.device("00-1b-c5-0a-bc-de"));
}

TEST_CASE("a number with a fraction of zero is the same identity", "[anonymise]") {
    const settings::Pseudonym phone{24h, settings::Form::phone, "221"};
    const settings::Pseudonym as_sent{24h};
    for (const auto& rule : {phone, as_sent}) {
        const auto whole = anonymise::identity_of(rule, {"n", model::Decimal{771234567, 0}});
        REQUIRE(whole);
        CHECK(anonymise::identity_of(rule, {"n", model::Decimal{7712345670, -1}}) == whole);
    }
}

TEST_CASE("numbers go into bins and under caps", "[anonymise]") {
    const std::vector<model::Decimal> edges{{0, 0}, {10, 0}, {50, 0}};
    PolicyFixture fixture{
        {{"device", settings::Keep{}},
         {"a", settings::Bin{edges}},
         {"b", settings::Bin{edges}},
         {"c", settings::TopCode{std::nullopt, model::Decimal{100, 0}}},
         {"d", settings::TopCode{model::Decimal{5, 0}, std::nullopt}},
         {"e", settings::Bin{edges}}}};
    CHECK(
        fixture.attributes(
            {{"a", model::Decimal{499, -1}},
             {"b", model::Decimal{7000, 0}},
             {"c", model::Decimal{1005, -1}},
             {"d", model::Decimal{-3, 0}},
             {"e", model::Decimal{-1, 0}}}
        ) == R"({"a":10,"b":50,"c":100,"d":5})"
    );
    CHECK(fixture.fields_dropped() == 1);
    CHECK(fixture.attributes({{"a", std::string_view("10")}}).empty());
}

TEST_CASE("a value goes into its bin and below the first one is refused", "[anonymise]") {
    PolicyFixture fixture{
        {{"device", settings::Keep{}}, {"value", settings::Bin{{{0, 0}, {1, 0}, {2, 0}}}}}};
    CHECK(model::to_string(fixture.value({1234, -3})) == "1");
    const auto refused = fixture.apply({-1, 0});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::not_representable);
}

TEST_CASE("addresses become networks and texts lose their patterns", "[anonymise]") {
    PolicyFixture fixture{
        {{"device", settings::Keep{}},
         {"a", settings::Network{16, 32}},
         {"b", settings::Network{}},
         {"note", settings::Patterns{}}}};
    CHECK(
        fixture.attributes(
            {{"a", std::string_view("192.0.2.7")},
             {"b", std::string_view("2001:db8:1:2::3")},
             {"note", std::string_view("call 71 123 456")}}
        ) == R"({"a":"192.0.0.0/16","b":"2001:db8:1::/48","note":"call [removed]"})"
    );
    CHECK(fixture.attributes({{"note", model::Decimal{71123456, 0}}}).empty());
}
