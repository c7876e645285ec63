#include "gateway/forward/contract.hpp"

#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/forward/batch_encoder.hpp"
#include "tests/unit/forward/forward_doubles.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace forward_test;
using namespace std::chrono_literals;
using gateway::anonymise::ThrowawayKeys;
using gateway::forward::BatchEncoder;
using gateway::forward::Contract;
namespace settings = gateway::settings;

namespace {

const model::Instant kStart = *model::parse_rfc3339("2026-03-01T12:00:00Z");

settings::Dataset dataset_of(std::map<std::string, settings::Rule> fields) {
    settings::Dataset dataset;
    dataset.name = "water";
    dataset.fields = std::move(fields);
    return dataset;
}

const settings::Dataset kPseudonymous = dataset_of(
    {{"device", settings::Pseudonym{}}, {"site", settings::Keep{}}, {"rssi", settings::Keep{}}}
);

settings::Uplink uplink_with(std::map<std::string, settings::Rule> fields) {
    settings::Uplink uplink;
    uplink.name = "city";
    settings::Contract contract;
    contract.dataset = "water";
    contract.fields = std::move(fields);
    uplink.contracts.push_back(std::move(contract));
    return uplink;
}

// Readings of seven devices, an hour apart, with the attributes in turn.
buffer::Batch stored(std::vector<std::string> attributes = {}) {
    auto batch = make_batch(1, 14);
    batch.quantities.push_back({"never.used", "1"});
    batch.attributes.insert(batch.attributes.end(), attributes.begin(), attributes.end());
    for (auto& reading : batch.readings) {
        reading.observed_at = kStart + std::chrono::hours{reading.sequence};
        reading.attributes = static_cast<std::uint32_t>(reading.sequence % batch.attributes.size());
    }
    return batch;
}

struct World {
    buffer::Batch apply(
        const settings::Uplink& uplink,
        const buffer::Batch& batch,
        const settings::Dataset& dataset = kPseudonymous
    ) {
        Contract contract{dataset, uplink};
        REQUIRE(contract.prepare(keys));
        auto shaped = contract.apply(batch);
        REQUIRE(shaped);
        withheld = shaped->fields_withheld;
        return std::move(shaped->batch);
    }

    ThrowawayKeys keys;
    std::uint64_t withheld = 0;
};

template <class T>
bool are_used_once(const std::vector<T>& entries, const std::set<std::uint32_t>& used) {
    std::vector<T> seen;
    for (const auto& entry : entries) {
        if (std::find(seen.begin(), seen.end(), entry) != seen.end()) return false;
        seen.push_back(entry);
    }
    return used.size() == entries.size() && *used.rbegin() + 1 == entries.size();
}

// As Batch promises.
void check_dictionaries(const buffer::Batch& batch) {
    std::set<std::uint32_t> devices;
    std::set<std::uint32_t> quantities;
    std::set<std::uint32_t> attributes{0};
    std::uint32_t next_device = 0;
    for (const auto& reading : batch.readings) {
        CHECK(reading.device <= next_device);  // in the order of the first use
        next_device = std::max(next_device, reading.device + 1);
        devices.insert(reading.device);
        quantities.insert(reading.quantity);
        attributes.insert(reading.attributes);
    }
    CHECK(are_used_once(batch.devices, devices));
    CHECK(are_used_once(batch.quantities, quantities));
    CHECK(are_used_once(batch.attributes, attributes));
    CHECK(batch.attributes.front() == "{}");
}

std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
}

}  // namespace

TEST_CASE(
    "a contract leaves sequences, quantities, gaps and order as they are", "[forward][contract]"
) {
    World world;
    auto batch = stored({R"({"rssi":-71,"site":"north"})"});
    batch.gaps.push_back({});
    batch.gaps.back().count = 3;
    const auto shaped = world.apply(uplink_with({}), batch);
    CHECK(shaped.dataset == "water");
    CHECK(shaped.first_sequence == batch.first_sequence);
    CHECK(shaped.last_sequence == batch.last_sequence);
    REQUIRE(shaped.gaps.size() == 1);
    CHECK(shaped.gaps[0].count == 3);
    REQUIRE(shaped.readings.size() == batch.readings.size());
    for (std::size_t i = 0; i < batch.readings.size(); ++i) {
        CHECK(shaped.readings[i].sequence == batch.readings[i].sequence);
        CHECK(shaped.readings[i].value == batch.readings[i].value);
        CHECK(shaped.readings[i].observed_at == batch.readings[i].observed_at);
        CHECK(shaped.quantities[shaped.readings[i].quantity].name == "water.volume");
    }
    CHECK(shaped.attributes == batch.attributes);
    CHECK(shaped.devices != batch.devices);
    check_dictionaries(shaped);
}

TEST_CASE(
    "the dictionaries lose what no reading uses and gain no second entry", "[forward][contract]"
) {
    World world;
    const auto batch = stored(
        {R"({"rssi":-71,"site":"north"})", R"({"rssi":-72,"site":"north"})", R"({"rssi":-73})"}
    );
    const auto shaped =
        world.apply(uplink_with({{"device", settings::Keep{}}, {"site", settings::Keep{}}}), batch);
    CHECK(shaped.attributes == std::vector<std::string>{"{}", R"({"site":"north"})"});
    CHECK(shaped.quantities.size() == 1);
    check_dictionaries(shaped);
}

TEST_CASE("time and value are brought under the contract's rules", "[forward][contract]") {
    World world;
    auto batch = stored();
    batch.gaps.push_back({});
    batch.gaps.back().observed_from = kStart;
    batch.gaps.back().observed_to = kStart + 24h;
    const auto shaped = world.apply(
        uplink_with(
            {{"device", settings::Keep{}},
             {"time", settings::Coarsen{24h}},
             {"value", settings::Round{{1, 0}}}}
        ),
        batch
    );
    CHECK(shaped.readings[0].observed_at == *model::parse_rfc3339("2026-03-01T00:00:00Z"));
    REQUIRE(shaped.gaps.size() == 1);
    CHECK(shaped.gaps[0].observed_from == *model::parse_rfc3339("2026-03-01T00:00:00Z"));
    CHECK(shaped.gaps[0].observed_to == *model::parse_rfc3339("2026-03-02T00:00:00Z"));
    CHECK(shaped.readings[13].observed_at == *model::parse_rfc3339("2026-03-02T00:00:00Z"));
    CHECK(shaped.readings[0].value == model::Decimal{0, 0});
    CHECK(shaped.readings[13].value == model::Decimal{1, 0});
}

TEST_CASE("a device has a name an epoch, in one batch as in two", "[forward][contract]") {
    World world;
    const auto uplink = uplink_with({{"device", settings::Pseudonym{24h}}});
    const auto shaped = world.apply(uplink, stored());
    CHECK(shaped.devices.size() == 10);  // all seven before midnight, three of them behind it
    check_dictionaries(shaped);
}

TEST_CASE("the same batch becomes the same bytes in every run", "[forward][contract]") {
    World world;
    const auto uplink = uplink_with({{"device", settings::Pseudonym{24h}}});
    const auto batch = stored();
    settings::Gateway gateway;
    gateway.id = "g";
    const BatchEncoder encoder{gateway, uplink};
    const auto first = encoder.encode(world.apply(uplink, batch));
    const auto second = encoder.encode(world.apply(uplink, batch));
    CHECK(first.id == second.id);
    CHECK(first.body == second.body);
    // The control: another key, other bytes.
    World other;
    CHECK(encoder.encode(other.apply(uplink, batch)).body != first.body);
}

TEST_CASE("other terms have another key of idempotency", "[forward][contract]") {
    settings::Gateway gateway;
    gateway.id = "g";
    const auto id = [&](const settings::Uplink& uplink) {
        return BatchEncoder{gateway, uplink}.encode(make_batch(1, 3)).id;
    };
    const auto none = uplink_with({});
    auto moved = none;
    moved.recipient = "regie";
    auto ended = none;
    ended.contracts[0].until = kStart;
    const auto coarse = uplink_with({{"device", settings::Keep{}}, {"value", settings::Round{}}});
    CHECK(id(none) == id(ended));  // a renewed contract sends what waits as it was
    CHECK(id(none) != id(moved));
    CHECK(id(none) != id(coarse));
}

TEST_CASE(
    "one reading that cannot be brought under the contract keeps its batch", "[forward][contract]"
) {
    World world;
    const auto uplink =
        uplink_with({{"device", settings::Keep{}}, {"value", settings::Bin{{{5, -2}, {1, 0}}}}});
    Contract contract{kPseudonymous, uplink};
    REQUIRE(contract.prepare(world.keys));
    auto batch = stored();
    REQUIRE(contract.apply(batch));  // from 0.10 on
    batch.readings[7].value = {4, -2};
    CHECK_FALSE(contract.apply(batch));
}

TEST_CASE(
    "an attribute without the type of its rule is left out and counted", "[forward][contract]"
) {
    World world;
    const auto uplink = uplink_with({{"device", settings::Keep{}}, {"rssi", settings::Round{}}});
    const auto shaped = world.apply(uplink, stored({R"({"rssi":"weak"})"}));
    CHECK(world.withheld == 7);
    CHECK(shaped.attributes == std::vector<std::string>{"{}"});
}

TEST_CASE("what is kept and has no attributes needs no second look", "[forward][contract]") {
    const auto kept = dataset_of({{"device", settings::Keep{}}});
    const Contract contract{kept, uplink_with({})};
    CHECK_FALSE(contract.changes(stored()));
    CHECK(contract.changes(stored({R"({"site":"north"})"})));
    CHECK(Contract(kPseudonymous, uplink_with({})).changes(stored()));
    World world;
    CHECK(sorted(world.apply(uplink_with({}), stored(), kept).devices) == sorted(stored().devices));
}

TEST_CASE("many epochs in one batch cost no more memory than its readings", "[forward][contract]") {
    World world;
    auto batch = make_batch(1, 10'000);
    for (auto& reading : batch.readings)
        reading.observed_at = kStart + reading.sequence * std::chrono::hours{24};
    const auto shaped = world.apply(uplink_with({{"device", settings::Pseudonym{24h}}}), batch);
    CHECK(shaped.devices.size() == 10'000);
}
