#include "gateway/anonymise/recipient_rules.hpp"

#include "tests/unit/anonymise/policy_fixture.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace gateway;
using namespace std::chrono_literals;
using anonymise::RecipientNames;
using anonymise::RecipientRules;
using anonymise::StoredAttributes;

namespace {

const model::Instant kMarch = *model::parse_rfc3339("2026-03-14T15:09:26Z");
constexpr const char* kStored = "ysnl2w3v6q525y6qiiathfl3zy";  // as a dataset's key would make it

settings::Dataset water(std::map<std::string, settings::Rule> fields) {
    settings::Dataset dataset;
    dataset.name = "water";
    dataset.fields = std::move(fields);
    return dataset;
}

settings::Uplink uplink_to(
    const std::string& recipient, std::map<std::string, settings::Rule> fields = {}
) {
    settings::Uplink uplink;
    uplink.name = "up";
    uplink.recipient = recipient;
    settings::Contract contract;
    contract.dataset = "water";
    contract.fields = std::move(fields);
    uplink.contracts.push_back(std::move(contract));
    return uplink;
}

// The rules towards a recipient, with keys that depend on their names alone.
struct Towards {
    Towards(const settings::Dataset& dataset, const settings::Uplink& uplink)
        : rules(dataset, uplink) {
        REQUIRE(rules.prepare(keys));
    }
    std::string device(const std::string& stored, model::Instant at = kMarch) {
        return rules.device(stored, at).value_or("unfit");
    }
    std::string attributes(const std::string& stored) {
        const auto left = rules.attributes(stored, kMarch);
        if (!left) return "unreadable";
        withheld += left->withheld;
        return left->json;
    }

    tests::FixedKeys keys;
    RecipientRules rules;
    std::uint32_t withheld = 0;
};

const auto kPseudonymous = water({{"device", settings::Pseudonym{}}, {"site", settings::Keep{}}});

}  // namespace

TEST_CASE("two recipients share no name and none has the stored one", "[anonymise][recipient]") {
    std::set<std::string> names{kStored};
    for (const char* recipient : {"city", "regie", "portal"})
        CHECK(names.insert(Towards{kPseudonymous, uplink_to(recipient)}.device(kStored)).second);
    // The control: uplinks of one recipient have the same names.
    auto other = uplink_to("city");
    other.name = "another";
    CHECK_FALSE(names.insert(Towards{kPseudonymous, other}.device(kStored)).second);
    for (const auto& name : names) CHECK(anonymise::looks_like_pseudonym(name));
}

TEST_CASE("an uplink without a recipient is its own", "[anonymise][recipient]") {
    auto unnamed = uplink_to("");
    CHECK(
        Towards{kPseudonymous, unnamed}.device(kStored) ==
        Towards{kPseudonymous, uplink_to("up")}.device(kStored)
    );
}

TEST_CASE(
    "a name is the same in every run and another in another field", "[anonymise][recipient]"
) {
    const auto dataset =
        water({{"device", settings::Pseudonym{}}, {"customer", settings::Pseudonym{}}});
    Towards first{dataset, uplink_to("city")};
    Towards second{dataset, uplink_to("city")};
    CHECK(first.device(kStored) == second.device(kStored));
    CHECK(first.device(kStored) == first.device(kStored));
    const std::string stored = std::string{R"({"customer":")"} + kStored + "\"}";
    CHECK(first.attributes(stored) == second.attributes(stored));
    CHECK(first.attributes(stored).find(first.device(kStored)) == std::string::npos);
    auto energy = dataset;
    energy.name = "energy";
    CHECK(Towards{energy, uplink_to("city")}.device(kStored) != first.device(kStored));
}

TEST_CASE(
    "the recipient's key is asked for once, by a name no dataset has", "[anonymise][recipient]"
) {
    Towards towards{kPseudonymous, uplink_to("city")};
    REQUIRE(towards.rules.prepare(towards.keys));
    CHECK(towards.keys.asked == std::vector<std::string>{"recipient@city"});
    CHECK(RecipientNames::key_name("city") == "recipient@city");
    RecipientRules keyless{kPseudonymous, uplink_to("city")};
    towards.keys.fail = true;
    CHECK_FALSE(keyless.prepare(towards.keys));
}

TEST_CASE("what is kept stays unless the contract says pseudonym", "[anonymise][recipient]") {
    const auto kept = water({{"device", settings::Keep{}}});
    CHECK(Towards{kept, uplink_to("city")}.device("pump-7") == "pump-7");
    CHECK_FALSE(RecipientRules(kept, uplink_to("city")).changes_readings());
    const auto contract = uplink_to("city", {{"device", settings::Pseudonym{0s}}});
    const auto name = Towards{kept, contract}.device("pump-7");
    CHECK(anonymise::looks_like_pseudonym(name));
    CHECK(name != "pump-7");
}

TEST_CASE("a contract's epoch goes by the reading's time", "[anonymise][recipient]") {
    const auto contract = uplink_to("city", {{"device", settings::Pseudonym{24h}}});
    Towards towards{kPseudonymous, contract};
    const auto at = [&](const char* time) {
        return towards.device(kStored, *model::parse_rfc3339(time));
    };
    CHECK(at("2026-03-14T00:00:00Z") == at("2026-03-14T23:59:59.999Z"));
    CHECK(at("2026-03-14T00:00:00Z") != at("2026-03-15T00:00:00Z"));
    CHECK(towards.rules.epoch_of(kMarch) == *model::parse_rfc3339("2026-03-14T00:00:00Z"));
    // An older one later: the name of its own day.
    CHECK(at("2026-03-14T12:00:00Z") == at("2026-03-14T00:00:00Z"));
    CHECK(RecipientRules(kPseudonymous, uplink_to("city")).epoch_of(kMarch) == model::Instant{});
}

TEST_CASE("a contract with fields sends those and no other", "[anonymise][recipient]") {
    const auto dataset = water(
        {{"device", settings::Pseudonym{}},
         {"site", settings::Keep{}},
         {"floor", settings::Keep{}},
         {"location", settings::Keep{}}}
    );
    const auto contract = uplink_to(
        "city",
        {{"device", settings::Keep{}},
         {"floor", settings::Round{{5, 0}}},
         {"location", settings::Grid{1000}}}
    );
    Towards towards{dataset, contract};
    CHECK(
        towards.attributes(
            R"({"floor":12.5,"location":{"latitude":36.80651,"longitude":10.18153},"old":"x","site":"north"})"
        ) == R"({"floor":10,"location":{"latitude":36.80381,"longitude":10.17640}})"
    );
    CHECK(towards.withheld == 0);
    CHECK(towards.attributes(R"({"site":"north"})") == "{}");
    // The control: without fields everything stored goes, byte for byte.
    const std::string all =
        R"({"a":"x \"y\" é","floor":12.50,"high":true,"location":{"latitude":36.80651,"longitude":10.18153},"n":-0.000000012,"z":1200000000000000000000})";
    CHECK(Towards{dataset, uplink_to("city")}.attributes(all) == all);
}

TEST_CASE("an attribute that its rule cannot be applied to is left out", "[anonymise][recipient]") {
    const auto dataset = water({{"device", settings::Keep{}}, {"floor", settings::Keep{}}});
    Towards towards{
        dataset,
        uplink_to("city", {{"device", settings::Keep{}}, {"floor", settings::Round{{5, 0}}}})};
    CHECK(towards.attributes(R"({"floor":"third"})") == "{}");
    CHECK(towards.withheld == 1);
}

TEST_CASE("a stored attribute with a reading's own name does not leave", "[anonymise][recipient]") {
    const auto dataset = water({{"device", settings::Keep{}}});
    Towards towards{dataset, uplink_to("city")};
    CHECK(towards.attributes(R"({"value":"12 rue du Lac"})") == "{}");
    CHECK(towards.withheld == 1);
}

TEST_CASE("time and value come under their rules", "[anonymise][recipient]") {
    const Towards towards{
        kPseudonymous,
        uplink_to(
            "city",
            {{"device", settings::Keep{}},
             {"time", settings::Coarsen{24h}},
             {"value", settings::Bin{{{10, 0}, {20, 0}}}}}
        )};
    CHECK(towards.rules.time(kMarch) == *model::parse_rfc3339("2026-03-14T00:00:00Z"));
    CHECK(towards.rules.value({155, -1}) == model::Decimal{10, 0});
    CHECK_FALSE(towards.rules.value({95, -1}));
    const Towards kept{kPseudonymous, uplink_to("city")};
    CHECK(kept.rules.time(kMarch) == kMarch);
    CHECK(kept.rules.value({95, -1}) == model::Decimal{95, -1});
}

TEST_CASE("a device that is not of the contract's form does not leave", "[anonymise][recipient]") {
    const auto kept = water({{"device", settings::Keep{}}});
    Towards towards{
        kept, uplink_to("city", {{"device", settings::Pseudonym{0s, settings::Form::mac}}})};
    CHECK(towards.device("00:1B:C5:0A:BC:DE") == towards.device("001b.c50a.bcde"));
    CHECK(towards.device("pump-7") == "unfit");
}

TEST_CASE(
    "of fields that no rule names any more what looks like a pseudonym is one",
    "[anonymise][recipient]"
) {
    const std::string stored = std::string{R"({"customer":")"} + kStored + R"(","site":"north"})";
    Towards former{water({}), uplink_to("city")};
    CHECK(former.rules.changes_readings());
    CHECK(former.device(kStored) != kStored);
    CHECK(anonymise::looks_like_pseudonym(former.device(kStored)));
    CHECK(former.device("pump-7") == "pump-7");
    CHECK(former.attributes(stored).find(kStored) == std::string::npos);
    CHECK(former.attributes(stored).find(R"("site":"north")") != std::string::npos);
}

TEST_CASE("what is no object of a policy is not taken for one", "[anonymise][recipient]") {
    StoredAttributes attributes;
    for (const char* broken :
         {"",
          "x",
          "[]",
          "{",
          R"({"a":null})",
          R"({"a":[1]})",
          R"({"a":1}x)",
          R"({"a":1e999})",
          R"({"a":{"latitude":1}})",
          R"({"a":{"latitude":"1","longitude":2}})"})
        CHECK_FALSE(attributes.read(broken));
    CHECK(attributes.read("{}"));
    CHECK(attributes.all().empty());
    CHECK(attributes.read(R"({"a":1.50})"));
    CHECK(std::get<model::Decimal>(attributes.all()[0].value) == model::Decimal{150, -2});
}

TEST_CASE("the names that are remembered have a bound", "[anonymise][recipient]") {
    Towards towards{kPseudonymous, uplink_to("city")};
    const auto first = towards.device("d0");
    for (std::size_t i = 0; i <= RecipientNames::kNamesMax; ++i)
        towards.device("d" + std::to_string(i));
    CHECK(towards.device("d0") == first);
}
