// Updates of devices in what the status endpoint says: JSON, metrics, page and words.
#include "gateway/status/firmware_words.hpp"
#include "gateway/status/json_firmware.hpp"
#include "gateway/status/json_report.hpp"
#include "gateway/status/open_metrics.hpp"
#include "gateway/status/page_parts.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace gateway;
using observe::FirmwareDeviceReport;
using observe::FirmwareReport;
using observe::FirmwareUpdateReport;

namespace {

FirmwareDeviceReport device(const std::string& label, const std::string& state) {
    FirmwareDeviceReport made;
    made.source = "line";
    made.label = label;
    made.name = "0a1b2c3d";
    made.vendor = "acme";
    made.device_class = "meter-3";
    made.firmware = 11;
    made.update = 3;
    made.state = state;
    made.heard_s = 65;
    return made;
}

FirmwareReport sample() {
    FirmwareUpdateReport update;
    update.number = 3;
    update.vendor = "acme";
    update.device_class = "meter-3";
    update.sequence = 12;
    update.size = 1'572'864;
    update.expires = "2027-06-30T00:00:00Z";
    update.state = "stopped";
    update.stage = "one";
    update.up_to = "all";
    update.why = "A device <went> back.";
    update.devices = 40;
    update.by_state = {{"confirmed", 2}, {"rolled-back", 1}};
    FirmwareUpdateReport settings;
    settings.number = 2;
    settings.vendor = "acme";
    settings.device_class = "meter-3";
    settings.sequence = 4;
    settings.is_settings = true;
    settings.is_for_one = true;
    settings.reporting_interval_s = 900;
    settings.state = "done";
    settings.stage = settings.up_to = "all";
    FirmwareReport report;
    report.updates = {update, settings};
    report.devices = {device("address 1", "confirmed"), device("address 2", "rolled-back")};
    return report;
}

observe::Report report_with(FirmwareReport firmware) {
    observe::Report report = tests::status::sample_report();
    report.firmware = std::move(firmware);
    return report;
}

std::string page_of(const observe::Report& report) {
    return status::firmware_part(report);
}

}  // namespace

TEST_CASE("the JSON of updates has every member under its name", "[status]") {
    const std::string text = status::to_json(report_with(sample()));
    simdjson::dom::parser parser;
    const auto root = parser.parse(text).value();
    const auto at = [&](const char* pointer) { return root.at_pointer(pointer).value(); };
    CHECK(at("/firmware/updates/0/number").get_uint64().value() == 3);
    CHECK(at("/firmware/updates/0/vendor").get_string().value() == "acme");
    CHECK(at("/firmware/updates/0/device_class").get_string().value() == "meter-3");
    CHECK(at("/firmware/updates/0/sequence").get_uint64().value() == 12);
    CHECK_FALSE(at("/firmware/updates/0/is_settings").get_bool().value());
    CHECK(at("/firmware/updates/0/size").get_uint64().value() == 1'572'864);
    CHECK(at("/firmware/updates/0/expires").get_string().value() == "2027-06-30T00:00:00Z");
    CHECK(at("/firmware/updates/0/state").get_string().value() == "stopped");
    CHECK(at("/firmware/updates/0/stage").get_string().value() == "one");
    CHECK(at("/firmware/updates/0/up_to").get_string().value() == "all");
    CHECK(at("/firmware/updates/0/why").get_string().value() == "A device <went> back.");
    CHECK(at("/firmware/updates/0/devices").get_uint64().value() == 40);
    CHECK(at("/firmware/updates/0/by_state/confirmed").get_uint64().value() == 2);
    CHECK(at("/firmware/updates/1/is_for_one").get_bool().value());
    CHECK(at("/firmware/updates/1/reporting_interval_s").get_uint64().value() == 900);
    CHECK(at("/firmware/devices/1/source").get_string().value() == "line");
    CHECK(at("/firmware/devices/1/label").get_string().value() == "address 2");
    CHECK(at("/firmware/devices/1/name").get_string().value() == "0a1b2c3d");
    CHECK(at("/firmware/devices/1/firmware").get_uint64().value() == 11);
    CHECK(at("/firmware/devices/1/settings").get_uint64().value() == 0);
    CHECK(at("/firmware/devices/1/update").get_uint64().value() == 3);
    CHECK(at("/firmware/devices/1/state").get_string().value() == "rolled-back");
    CHECK(at("/firmware/devices/1/cause").get_string().value().empty());
    CHECK(at("/firmware/devices/1/offset").get_uint64().value() == 0);
    CHECK(at("/firmware/devices/1/heard_s").get_int64().value() == 65);
}

TEST_CASE("a gateway without keys for updates says nothing of them", "[status]") {
    const observe::Report report = tests::status::sample_report();
    CHECK(status::to_json(report).find("firmware") == std::string::npos);
    CHECK(status::to_open_metrics(report, {}).find("firmware") == std::string::npos);
    CHECK(page_of(report).empty());
}

TEST_CASE("metrics count updates and devices, and name none", "[status]") {
    FirmwareReport firmware = sample();
    firmware.devices.push_back(device("address 4", ""));
    const std::string text = status::to_open_metrics(report_with(std::move(firmware)), {});
    for (const char* line :
         {"passerelle_firmware_updates{state=\"stopped\"} 1\n",
          "passerelle_firmware_updates{state=\"done\"} 1\n",
          "passerelle_firmware_devices{state=\"confirmed\"} 1\n",
          "passerelle_firmware_devices{state=\"rolled-back\"} 1\n",
          "passerelle_firmware_devices{state=\"idle\"} 1\n"})
        CHECK(text.find(line) != std::string::npos);
    CHECK(text.find("address 4") == std::string::npos);
    CHECK(text.find("0a1b2c3d") == std::string::npos);
}

TEST_CASE("the page shows updates, what to do, and the devices in trouble first", "[status]") {
    const std::string page = page_of(report_with(sample()));
    for (const char* text :
         {"firmware 12 (1.5\u00a0MiB)",
          "acme / meter-3, one device",
          "settings 4: a report every 15\u00a0min",
          "halted (one device, then up to all devices)",
          "A device &lt;went&gt; back.",
          "passerelle firmware rollout 3 goes on",
          "confirmed 2, went back to the former one 1; 40 known"})
        CHECK(page.find(text) != std::string::npos);
    CHECK(page.find("line, address 2") < page.find("line, address 1"));
}

TEST_CASE("after one device a tenth of them is offered before all", "[status]") {
    FirmwareUpdateReport update = sample().updates.front();
    update.state = "paused";
    CHECK(
        status::update_advice(update) ==
        "To go on to a tenth of the devices: passerelle firmware rollout 3 --up-to tenth; to all "
        "of them, a tenth first: passerelle firmware rollout 3"
    );
    update.stage = "tenth";
    CHECK(
        status::update_advice(update) == "To go on to all devices: passerelle firmware rollout 3"
    );
}

TEST_CASE("a long list of devices is bounded on the page", "[status]") {
    FirmwareReport firmware = sample();
    firmware.devices.assign(4096, device("address 9", "offered"));
    firmware.devices.back() = device("address 77", "failed");
    const std::string page = page_of(report_with(std::move(firmware)));
    CHECK(page.find("address 77") != std::string::npos);
    CHECK(page.find("and 4,048 more") != std::string::npos);
    CHECK(page.size() < 32'000);
}

TEST_CASE("states and causes have words, and unknown ones are shown as they are", "[status]") {
    FirmwareDeviceReport shown = device("", "downloading");
    shown.offset = 12'288;
    CHECK(status::device_update_words(shown) == "downloading, 12\u00a0KiB so far");
    CHECK(status::device_place_words(shown) == "line (0a1b2c3d)");
    shown.state = "failed";
    shown.cause = "digest";
    CHECK(status::device_update_words(shown) == "failed: what arrived is not what was signed");
    shown.cause = "moon";
    CHECK(status::device_update_words(shown) == "failed: moon");
    shown.state = "elsewhere";
    shown.cause.clear();
    CHECK(status::device_update_words(shown) == "elsewhere");
    shown.state.clear();
    CHECK(status::device_update_words(shown) == "-");
    CHECK(status::update_counts_words({{"done", 2}, {"running", 1}}) == "running 1, done 2");
}
