#include "gateway/observe/device_table.hpp"

#include "tests/support/public_readings.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace gateway;
using namespace std::chrono_literals;
using model::Refusal;
using observe::DeviceTable;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

// A table of two datasets, to which a test speaks in short.
class TableFixture {
  public:
    void hear(
        const std::string& name,
        model::Instant at,
        const char* quantity = "water.volume",
        model::Decimal value = {1, 0}
    ) {
        const auto reading = anonymise::Policy::make(fields(name, quantity, value));
        table.heard({0, model::SourceId{3}, name, at}, reading);
    }
    anonymise::Policy::Fields fields(
        std::string_view name, const char* quantity, model::Decimal value
    ) const {
        anonymise::Policy::Fields fields;
        fields.device = name;
        fields.quantity = vocabulary.find(quantity);
        fields.value = value;
        return fields;
    }
    void refuse(const std::string& name, model::Instant at, Refusal cause) {
        table.refused({0, model::SourceId{3}, name, at}, cause, 1);
    }
    // Its figures as they are now.
    struct Copy : DeviceTable::Activity, DeviceTable::Details {
        model::Instant last_heard;
    };
    std::map<std::string, Copy> all() const {
        std::map<std::string, Copy> found;
        table.for_each([&](const DeviceTable::Device& device) {
            const auto& [activity, details] = device;
            found.emplace(
                std::to_string(details->dataset) + ' ' + details->name,
                Copy{*activity, *details, device.last_heard()}
            );
        });
        return found;
    }
    Copy device(const std::string& name) const { return all().at("0 " + name); }

    model::Vocabulary vocabulary;
    DeviceTable table{vocabulary};
};

}  // namespace

TEST_CASE_METHOD(TableFixture, "a device is what was heard under its name", "[observe]") {
    hear("a", kNow);
    hear("a", kNow);
    hear("a", kNow + 60s);
    hear("b", kNow + 61s);
    table.heard(
        {1, model::SourceId{4}, "a", kNow}, anonymise::Policy::make(fields("a", "water.volume", {}))
    );
    CHECK(table.size() == 3);
    const auto heard = device("a");
    CHECK(heard.readings == 3);
    CHECK(heard.first_seen == kNow);
    CHECK(heard.last_seen() == kNow + 60s);
    CHECK(heard.source == model::SourceId{3});
    CHECK(all().at("1 a").source == model::SourceId{4});
}

TEST_CASE_METHOD(TableFixture, "a device without a name is in no table", "[observe]") {
    hear("", kNow);
    refuse("", kNow, Refusal::malformed);
    CHECK(table.size() == 0);
}

TEST_CASE_METHOD(TableFixture, "the readings of a message have no interval", "[observe]") {
    for (int i = 0; i < 10; ++i) {
        hear("a", kNow + i * 900s);
        hear("a", kNow + i * 900s + 20ms);
        hear("a", kNow + i * 900s + 900ms);
    }
    CHECK(device("a").interval.value() == 900s);
}

TEST_CASE_METHOD(
    TableFixture, "a device that reports all the time has an interval, too", "[observe]"
) {
    for (int i = 0; i < 100; ++i) hear("a", kNow + i * 100ms);
    CHECK(device("a").interval.value() == 1s);
}

TEST_CASE_METHOD(
    TableFixture, "from the time since the boot to a date there is no interval", "[observe][clock]"
) {
    const model::Instant boot{};
    for (int i = 1; i < 6; ++i) hear("a", boot + i * 60s);
    for (int i = 1; i < 6; ++i) hear("a", kNow + i * 60s);
    hear("a", kNow - 30s);  // a clock that was set back
    hear("a", kNow + 30s);
    CHECK(device("a").interval.value() == 60s);
}

TEST_CASE_METHOD(TableFixture, "what is refused is counted by cause and device", "[observe]") {
    hear("a", kNow);
    refuse("a", kNow + 1s, Refusal::wrong_unit);
    refuse("a", kNow + 2s, Refusal::wrong_unit);
    refuse("c", kNow + 3s, Refusal::malformed);
    CHECK(device("a").refused[static_cast<std::size_t>(Refusal::wrong_unit)] == 2);
    CHECK(device("a").last_seen() == kNow);
    CHECK(device("a").last_refused == kNow + 2s);
    CHECK_FALSE(device("c").last_seen());
    CHECK(device("c").last_heard == kNow + 3s);
}

TEST_CASE_METHOD(
    TableFixture, "a device whose readings are there already works as it should", "[observe]"
) {
    hear("a", kNow);
    refuse("a", kNow + 60s, Refusal::duplicate);
    refuse("a", kNow + 120s, Refusal::step_taken);
    CHECK(device("a").last_seen() == kNow + 120s);
    CHECK_FALSE(device("a").last_refused);
    CHECK(device("a").readings == 1);
}

TEST_CASE_METHOD(TableFixture, "battery and signal are those it said last", "[observe]") {
    hear("a", kNow, "battery.level", {85, 0});
    hear("a", kNow, "radio.rssi", {-101, 0});
    hear("a", kNow + 60s, "battery.level", {84, 0});
    CHECK(device("a").vitals[0] == model::Decimal{84, 0});
    CHECK_FALSE(device("a").vitals[1]);
    CHECK(device("a").vitals[3] == model::Decimal{-101, 0});
}

TEST_CASE_METHOD(TableFixture, "a full table forgets who was silent for longest", "[observe]") {
    const auto name = [](std::size_t i) { return "device-" + std::to_string(i); };
    for (std::size_t i = 0; i < DeviceTable::kDevicesMax; ++i)
        hear(name(i), kNow + std::chrono::seconds{i});
    CHECK(table.forgotten() == 0);
    hear(name(0), kNow + 24h);
    hear("new", kNow + 24h);
    CHECK(table.forgotten() == DeviceTable::kDevicesMax / 8);
    CHECK(table.size() == DeviceTable::kDevicesMax - table.forgotten() + 1);
    const auto left = all();
    CHECK(left.count("0 new") == 1);
    CHECK(left.count("0 " + name(0)) == 1);
    CHECK(left.count("0 " + name(1)) == 0);
    CHECK(left.count("0 " + name(DeviceTable::kDevicesMax / 8)) == 0);
    CHECK(left.count("0 " + name(DeviceTable::kDevicesMax / 8 + 1)) == 1);
}

TEST_CASE_METHOD(
    TableFixture, "who was heard at the same time is not forgotten all at once", "[observe]"
) {
    for (std::size_t i = 0; i <= DeviceTable::kDevicesMax; ++i)
        hear("device-" + std::to_string(i), kNow);
    CHECK(table.forgotten() == DeviceTable::kDevicesMax / 8);
}

TEST_CASE_METHOD(TableFixture, "who is erased is in no table any more", "[observe]") {
    hear("a", kNow);
    hear("b", kNow);
    table.erase(0, "a");
    CHECK(table.size() == 1);
    hear("b", kNow + 1s);
    CHECK(device("b").readings == 2);
    table.erase(1, "");
    CHECK(table.size() == 1);
    table.erase(0, "");
    CHECK(table.size() == 0);
}
