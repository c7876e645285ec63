#include "gateway/device_list.hpp"

#include "tests/unit/pipeline/pipeline_fixture.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace tests::pipeline;
using namespace std::chrono_literals;

namespace {

class ListFixture : public PipelineFixture {
  public:
    observe::DevicesReport listed(const observe::DeviceQuery& query = {}) const {
        return DeviceList(settings, *pipeline, clock).report(query);
    }
    observe::DeviceReport only() const {
        const auto report = listed();
        REQUIRE(report.devices.size() == 1);
        return report.devices.front();
    }
    // Readings of a device, so far apart.
    void report(const std::string& device, int times, std::chrono::seconds apart) {
        for (int i = 0; i < times; ++i) {
            CHECK(fate_of(frame(device, {++value_})) == "stored 1, refused 0");
            clock.advance(apart);
        }
    }
    // The same pipeline under other rules for the device and the time.
    void rule(settings::Rule device, settings::Rule time = settings::Keep{}) {
        settings.datasets.front().fields = {{"device", device}, {"time", time}};
        pipeline.emplace(settings, *outbox, keys, clock, "a key of the guard");
        REQUIRE(pipeline->prepare());
    }

  private:
    int value_ = 0;
};

std::vector<std::string> names_in(const observe::DevicesReport& report) {
    std::vector<std::string> names;
    for (const auto& device : report.devices) names.push_back(device.name);
    return names;
}

}  // namespace

TEST_CASE_METHOD(ListFixture, "a device that reports is heard", "[devices]") {
    report("m-1", 5, 900s);
    const auto device = only();
    CHECK(device.name == "m-1");
    CHECK(device.dataset == "water");
    CHECK(device.source == "meters");
    CHECK(device.state == "heard");
    CHECK(device.readings == 5);
    CHECK(device.interval_s == 900);
    CHECK(device.first_seen == kNow);
    CHECK(device.last_seen == kNow + 3600s);
    CHECK(device.last_seen_ago_s == 900);
    CHECK_FALSE(device.silent_since);
}

TEST_CASE_METHOD(ListFixture, "a device is silent after three of its intervals", "[devices]") {
    report("m-1", 5, 900s);
    clock.advance(1799s);
    CHECK(only().state == "heard");
    clock.advance(2s);
    CHECK(only().state == "silent");
    CHECK(only().silent_since == kNow + 3600s);
    CHECK(listed().silent == 1);
}

TEST_CASE_METHOD(
    ListFixture, "a device of which little is known is silent after a day", "[devices]"
) {
    report("m-1", 1, 1s);
    clock.advance(23h);
    CHECK(only().state == "heard");
    clock.advance(1h);
    CHECK(only().state == "silent");
}

TEST_CASE_METHOD(ListFixture, "a device that is only refused says why", "[devices]") {
    CHECK(fate_of(frame("m-1", {-1})) == "implausible-value");
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    const auto device = only();
    CHECK(device.state == "refused");
    CHECK(device.readings == 0);
    CHECK(
        device.refused ==
        std::map<std::string, std::uint64_t>{{"implausible-value", 1}, {"truncated", 1}}
    );
    CHECK(listed().unnamed.empty());
    clock.advance(1s);
    report("m-1", 1, 1s);
    CHECK(only().state == "heard");
}

TEST_CASE_METHOD(
    ListFixture, "a source that comes while the gateway runs has its name", "[devices]"
) {
    const DeviceList list(settings, *pipeline, clock);
    auto source = settings.sources.front();
    CHECK(fate_of({{}, "gas/m-1", "", "{}", kNow}) == "unknown-topic");
    const auto exchanged = pipeline->add_source(source, settings);
    source.name = "more meters";
    const auto added = pipeline->add_source(source, settings);
    auto sent = frame("m-1", {1});
    sent.source = added;
    CHECK(fate_of(std::move(sent)) == "stored 1, refused 0");
    pipeline->count_refused(exchanged, model::Refusal::too_large);
    const auto report = list.report({});
    REQUIRE(report.devices.size() == 1);
    CHECK(report.devices.front().source == "more meters");
    REQUIRE(report.unnamed.size() == 1);
    CHECK(report.unnamed.front().source == "meters");
    CHECK(report.unnamed.front().refused.size() == 2);
}

TEST_CASE_METHOD(
    ListFixture, "what belongs to no device that can be told is its source's", "[devices]"
) {
    CHECK(fate_of({{}, "gas/m-1", "", "{}", kNow}) == "unknown-topic");
    pipeline->count_refused({}, model::Refusal::too_large);
    const auto report = listed();
    CHECK(report.devices.empty());
    REQUIRE(report.unnamed.size() == 1);
    CHECK(report.unnamed.front().source == "meters");
    CHECK(
        report.unnamed.front().refused ==
        std::map<std::string, std::uint64_t>{{"too-large", 1}, {"unknown-topic", 1}}
    );
}

TEST_CASE_METHOD(ListFixture, "nobody is blamed for what another says of it", "[devices]") {
    CHECK(fate_of(frame_of("m-1", "water/m-2", {""})) == "not-authorised");
    CHECK(fate_of({model::SourceId{2}, "water/m-2", "m-1", "[broken", kNow}) == "truncated");
    CHECK(listed().known == 0);
    REQUIRE(listed().unnamed.size() == 1);
    CHECK(listed().unnamed.front().source == "sensors");
}

TEST_CASE_METHOD(ListFixture, "a person who lets nothing be stored is in no list", "[devices]") {
    const anonymise::Key key;
    subject::Gate gate_of_persons(settings, key);
    pipeline->ask_at(gate_of_persons);
    const auto who = subject::Hasher(key).who("water", "device", "m-1");
    gate_of_persons.apply({subject::Act::restrict, {}, "water", "device", who, ""});
    CHECK(fate_of(frame("m-1", {1})) == "restricted");
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(listed().known == 0);
    CHECK(fate_of({{}, "water/m-2", "", "{broken", kNow}) == "truncated");
    CHECK(only().name == "m-2");
}

TEST_CASE_METHOD(ListFixture, "only names that the rules left are in the list", "[devices]") {
    rule(settings::Pseudonym{24h});
    report("m-1", 1, 1s);
    CHECK(fate_of({{}, "water/m-2", "", "{broken", kNow}) == "truncated");
    for (const auto& device : listed().devices) {
        CHECK(device.name.size() == 26);
        CHECK(device.name.find("m-") == std::string::npos);
    }
    CHECK(listed().known == 2);
    rule(settings::Drop{});
    report("m-3", 1, 1s);
    CHECK(fate_of({{}, "water/m-4", "", "{broken", kNow}) == "truncated");
    CHECK(listed().known == 0);
}

TEST_CASE_METHOD(
    ListFixture, "no token is made for a device of which nothing is stored", "[devices]"
) {
    rule(settings::Pseudonym{.epoch = 0s, .is_token = true});
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(listed().known == 0);
    report("m-1", 1, 1s);
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(listed().known == 1);
    CHECK(only().refused.at("truncated") == 1);
}

TEST_CASE_METHOD(ListFixture, "a pseudonym whose epoch is over is no silent device", "[devices]") {
    rule(settings::Pseudonym{24h});
    report("m-1", 5, 900s);
    clock.advance(24h);
    report("m-1", 5, 900s);
    const auto devices = listed().devices;
    REQUIRE(devices.size() == 2);
    CHECK((devices[0].state == "renamed") != (devices[1].state == "renamed"));
    CHECK(listed().silent == 0);
    CHECK(DeviceList(settings, *pipeline, clock).in_use() == 1);
}

TEST_CASE_METHOD(
    ListFixture, "times are no finer than the dataset's rule lets them be", "[devices]"
) {
    rule(settings::Keep{}, settings::Coarsen{1h});
    clock.advance(1234s);
    report("m-1", 1, 100s);
    CHECK(only().first_seen == kNow);
    CHECK(only().last_seen == kNow);
    CHECK(only().last_seen_ago_s == 1334);
}

TEST_CASE_METHOD(
    ListFixture, "while the date is not known there are only durations", "[devices][clock]"
) {
    clock.distrust();
    report("m-1", 5, 60s);
    CHECK_FALSE(only().last_seen);
    CHECK(only().last_seen_ago_s == 60);
    CHECK(only().interval_s == 60);
    clock.trust();
    CHECK(only().last_seen == clock.now() - 60s);
}

TEST_CASE_METHOD(
    ListFixture, "the silent ones come first, but for the one that is asked for", "[devices]"
) {
    report("b-2", 5, 60s);
    report("b-1", 5, 60s);
    clock.advance(1h);
    for (const char* name : {"b-3", "b", "a"}) report(name, 1, 1s);
    CHECK(names_in(listed()) == std::vector<std::string>{"b-2", "b-1", "a", "b", "b-3"});
    CHECK(names_in(listed({.search = "b"})) == std::vector<std::string>{"b", "b-2", "b-1", "b-3"});
    CHECK(names_in(listed({.search = "b", .limit = 2})) == std::vector<std::string>{"b", "b-2"});
    CHECK(listed({.search = "b", .limit = 2}).matching == 4);
    CHECK(names_in(listed({.silent = true})) == std::vector<std::string>{"b-2", "b-1"});
    CHECK(listed({.search = "c"}).devices.empty());
    CHECK(listed({.search = "c"}).known == 5);
}
