#include "gateway/anonymise/policy.hpp"

#include "tests/unit/anonymise/policy_fixture.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <type_traits>

using namespace gateway;
using namespace std::chrono_literals;
using tests::FixedKeys;
using tests::NumberedTokens;

namespace {

const model::Quantity kVolume{"water.volume", "m3", std::nullopt, std::nullopt};
const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:34:56.789Z");

settings::Dataset dataset(std::map<std::string, settings::Rule> fields) {
    settings::Dataset result;
    result.name = "water";
    result.fields = std::move(fields);
    return result;
}

model::Reading reading(std::string_view device, std::span<const model::Attribute> attributes = {}) {
    model::Reading result;
    result.device = device;
    result.observed_at = kNow;
    result.attributes = attributes;
    return result;
}

model::PublicReading pass(
    anonymise::Policy& policy, const model::Reading& from, model::Readings& memory
) {
    REQUIRE(policy.prepare(kNow));
    auto result = policy.apply({from, kVolume, {1234, -3}}, memory);
    REQUIRE(result);
    return *result;
}

}  // namespace

TEST_CASE("nobody but a policy can make a public reading", "[anonymise]") {
    STATIC_REQUIRE_FALSE(std::is_default_constructible_v<model::PublicReading>);
}

TEST_CASE("a pseudonym is stable in its epoch and unrelated in the next one", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(dataset({{"device", settings::Pseudonym{24h}}}), keys, tokens);
    const std::string first(pass(policy, reading("meter-1"), memory).device());
    CHECK(first.size() == 26);
    CHECK(first.find("meter") == std::string::npos);
    CHECK(pass(policy, reading("meter-1"), memory).device() == first);
    CHECK(pass(policy, reading("meter-2"), memory).device() != first);
    REQUIRE(policy.prepare(kNow + 24h));
    const auto later = policy.apply({reading("meter-1"), kVolume, {1, 0}}, memory);
    REQUIRE(later);
    CHECK(later->device() != first);
    CHECK(keys.asked.size() == 2);
}

TEST_CASE("a clock that goes back brings no earlier key back", "[anonymise][clock]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(dataset({{"device", settings::Pseudonym{24h}}}), keys, tokens);
    const std::string first(pass(policy, reading("meter-1"), memory).device());
    for (const auto back : {1h, 24h, 10 * 366 * 24h}) {
        REQUIRE(policy.prepare(kNow - back));
        const auto again = policy.apply({reading("meter-1"), kVolume, {1, 0}}, memory);
        REQUIRE(again);
        CHECK(again->device() == first);
    }
    CHECK(keys.asked.size() == 1);
}

TEST_CASE("the same device has unrelated pseudonyms in two datasets", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    auto other = dataset({{"device", settings::Pseudonym{}}});
    anonymise::Policy water(other, keys, tokens);
    other.name = "energy";
    anonymise::Policy energy(other, keys, tokens);
    CHECK(
        pass(water, reading("m"), memory).device() != pass(energy, reading("m"), memory).device()
    );
}

TEST_CASE("without a key no reading passes", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    keys.fail = true;
    anonymise::Policy policy(dataset({{"device", settings::Pseudonym{}}}), keys, tokens);
    CHECK_FALSE(policy.prepare(kNow));
}

TEST_CASE("fields that no rule names are dropped and counted", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(
        dataset(
            {{"device", settings::Drop{}},
             {"site", settings::Keep{}},
             {"customer", settings::Drop{}}}
        ),
        keys,
        tokens
    );
    const std::vector<model::Attribute> attributes{
        {"site", std::string_view("north")},
        {"customer", std::string_view("Mme Dupont")},
        {"phone", std::string_view("+21612345678")},
    };
    const auto result = pass(policy, reading("meter-1", attributes), memory);
    CHECK(result.device().empty());
    CHECK(result.attributes() == R"({"site":"north"})");
    CHECK(policy.fields_dropped() == 3);  // device, customer, phone
}

TEST_CASE("a reading's own rules let no attribute of the same name pass", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(
        dataset({{"device", settings::Keep{}}, {"value", settings::Keep{}}}), keys, tokens
    );
    const std::vector<model::Attribute> attributes{{"value", std::string_view("12 rue du Lac")}};
    CHECK(pass(policy, reading("d", attributes), memory).attributes().empty());
    CHECK(policy.fields_dropped() == 1);
    CHECK_FALSE(policy.attribute_under_its_rule(attributes.front()));
}

TEST_CASE("a rule that cannot be applied to what a field holds drops the field", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(
        dataset(
            {{"device", settings::Keep{}},
             {"location", settings::Grid{500}},
             {"depth", settings::Round{{5, 0}}},
             {"note", settings::Keep{}}}
        ),
        keys,
        tokens
    );
    const std::string prose(300, 'x');
    const std::vector<model::Attribute> attributes{
        {"location", std::string_view("12 rue de la Paix")},
        {"depth", std::string_view("deep")},
        {"note", std::string_view(prose)},
    };
    CHECK(pass(policy, reading("d", attributes), memory).attributes().empty());
    CHECK(policy.fields_dropped() == 3);
}

TEST_CASE("attributes come out as a JSON object with sorted, escaped names", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(
        dataset(
            {{"device", settings::Keep{}},
             {"z", settings::Keep{}},
             {"a\"b", settings::Keep{}},
             {"location", settings::Keep{}},
             {"ok", settings::Keep{}}}
        ),
        keys,
        tokens
    );
    const std::vector<model::Attribute> attributes{
        {"z", model::Decimal{150, -2}},
        {"a\"b", std::string_view("c\\d")},
        {"ok", true},
        {"location", model::Position{{368065, -4}, {101815, -4}}},
    };
    CHECK(
        pass(policy, reading("d", attributes), memory).attributes() ==
        R"({"a\"b":"c\\d","location":{"latitude":36.8065,"longitude":10.1815},"ok":true,"z":1.50})"
    );
}

TEST_CASE("time and value follow their rules", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(
        dataset(
            {{"device", settings::Keep{}},
             {"time", settings::Coarsen{15min}},
             {"value", settings::Round{{1, -1}}}}
        ),
        keys,
        tokens
    );
    const auto result = pass(policy, reading("d"), memory);
    CHECK(model::to_rfc3339(result.observed_at()) == "2026-05-01T12:30:00.000Z");
    CHECK(model::to_string(result.value()) == "1.2");
}

TEST_CASE("a device name that is no plain text is refused where names are kept", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    model::Readings memory;
    anonymise::Policy policy(dataset({{"device", settings::Keep{}}}), keys, tokens);
    REQUIRE(policy.prepare(kNow));
    for (const std::string& name :
         {std::string("a\nb"), std::string("\xff\xfe"), std::string(500, 'a'), std::string()}) {
        const auto result = policy.apply({reading(name), kVolume, {1, 0}}, memory);
        REQUIRE_FALSE(result);
        CHECK(result.error().cause == model::Refusal::unknown_device);
    }
}

TEST_CASE("a token is asked for once, by a fingerprint of one spelling", "[anonymise]") {
    FixedKeys keys;
    NumberedTokens tokens;
    settings::Pseudonym token{settings::seconds{0}, settings::Form::mac};
    token.is_token = true;
    anonymise::Policy policy(dataset({{"device", token}, {"owner", token}}), keys, tokens);
    REQUIRE(policy.prepare(kNow));
    model::Readings memory;
    model::Reading sent;
    const auto device = [&](std::string_view name) {
        sent.device = name;
        const auto made = policy.apply({sent, kVolume, {1, 0}}, memory);
        return made ? std::string(made->device()) : std::string(to_string(made.error().cause));
    };
    CHECK(device("00:1b:63:84:45:e6") == "token 1");
    CHECK(device("001B638445E6") == "token 1");
    CHECK(device("00:1b:63:84:45:e7") == "token 2");
    CHECK(tokens.asked == 2);
    const std::array owner{model::Attribute{"owner", std::string_view("001B638445E6")}};
    sent.attributes = owner;
    const auto made = policy.apply({sent, kVolume, {1, 0}}, memory);
    REQUIRE(made);
    CHECK(made->attributes() == R"({"owner":"token 3"})");  // the same identity in another field
    sent.attributes = {};

    tokens.forget();
    REQUIRE(policy.prepare(kNow));
    CHECK(device("001B638445E6") == "token 4");
    tokens.is_full = true;
    CHECK(device("00:1b:63:84:45:e8") == "limit-exceeded");
    CHECK(device("001B638445E6") == "token 4");
    sent.attributes = owner;
    const auto dropped = policy.fields_dropped();
    CHECK(policy.apply({sent, kVolume, {1, 0}}, memory)->attributes().empty());
    CHECK(policy.fields_dropped() == dropped + 1);
}
