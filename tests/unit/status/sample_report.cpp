#include "tests/unit/status/sample_report.hpp"

#include "gateway/status/page.hpp"

namespace tests::status {

using namespace gateway;
using namespace std::chrono_literals;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-01-31T23:59:59.250Z");

observe::UplinkReport uplink(bool connected, std::string detail, std::uint64_t waiting) {
    observe::UplinkReport report;
    report.stored = 1'234'567;
    report.dead = 3;
    report.evicted = 12;
    report.waiting = waiting;
    report.delivered = report.stored - report.dead - report.evicted - waiting;
    report.lag_s = waiting > 0 ? 4'325 : 0;
    report.connected = connected;
    report.detail = std::move(detail);
    report.last_confirmed = kNow - 7s;
    report.batches = 1'240;
    report.retries = 17;
    report.bytes_sent = 9'876'543;
    return report;
}

observe::SourceReport source(const char* name, const char* driver, const char* dataset) {
    observe::SourceReport report;
    report.name = name;
    report.driver = driver;
    report.dataset = dataset;
    report.connected = true;
    report.frames = 600'000;
    report.stored = 1'000'000;
    report.refused = 17;
    report.last_frame = kNow - 2s;
    report.connections = 12;
    report.turned_away = {{"unauthenticated", 3}};
    return report;
}

}  // namespace

observe::Report sample_report() {
    observe::Report report;
    report.gateway = "tunis-bardo-07";
    report.city = "Tunis";
    report.version = "0.1.0";
    report.uptime_s = 273'845;
    report.problems.push_back(
        {"uplink-unreachable:region",
         "The uplink region does not answer: check the network and the address of its server.",
         kNow - 4'325s,
         false}
    );
    report.received = 1'234'610;
    report.stored = 1'234'567;
    report.refused = {{"duplicate", 26}, {"malformed", 17}};
    report.evicted = {{"retention", 12}};
    report.fields_dropped = 2'469'134;
    report.uplinks.emplace("city", uplink(true, "", 0));
    report.uplinks.emplace("region", uplink(false, "connection refused", 98'765));
    report.uplinks.at("region").waiting_in = {{"water", 98'765}};
    report.sources.push_back(source("meters", "mqtt", "water"));
    report.sources.push_back(source("air", "coap", "air"));
    report.sources.back().last_frame.reset();
    observe::SumReport sum;
    sum.name = "by-district";
    sum.from = "water";
    sum.into = "districts";
    sum.releases = 24;
    sum.taken = 9'600;
    sum.left_out = {{"late", 3}};
    sum.suppressed = {{"few-meters", 2}};
    report.sums.push_back(sum);
    report.sources.back().connected = false;
    report.sources.back().detail = "address in use";
    report.buffer.able_to_store = true;
    report.buffer.bytes = 1'649'267'441;
    report.buffer.size_max = 2'147'483'648;
    report.buffer.segments = 812;
    report.buffer.bytes_written = 123'456'789'012;
    report.buffer.commits = 51'200;
    report.buffer.oldest = kNow - 4'325s;
    report.buffer.full_in_s = 788'400;
    report.buffer.empty_in_s = 90;
    report.buffer.bytes_per_reading = 42;
    report.buffer.bytes_per_day = 157'286'400;
    report.buffer.flash_budget_per_day = 209'715'200;
    report.clock = {kNow, kNow, kNow - 24h, true, true, "kernel", "96347d53", 1'207, 1'200, 7};
    report.quarantine = observe::QuarantineReport{
        1'203, 412'000, 16'777'216, 1'210, 7, 1, {{"evicted", 12}, {"spared-flash", 88}}};
    report.devices = 412;
    return report;
}

observe::DevicesReport sample_devices() {
    observe::DeviceReport works;
    works.name = "nqx3v2o5c7hml4ktp6ayr2bweu";
    works.dataset = "water";
    works.source = "meters";
    works.state = "heard";
    works.readings = 1'234;
    works.first_seen = kNow - 48h;
    works.last_seen = kNow - 120s;
    works.last_seen_ago_s = 120;
    works.interval_s = 900;
    works.refused = {{"duplicate", 2}};
    works.vitals = {{"battery.level", "85", "%"}, {"radio.rssi", "-101.5", "dB[mW]"}};
    observe::DeviceReport silent = works;
    silent.name = "a2bweunqx3v2o5c7hml4ktp6ay";
    silent.state = "silent";
    silent.last_seen = kNow - 26h;
    silent.last_seen_ago_s = 93'600;
    silent.silent_since = silent.last_seen;
    silent.refused.clear();
    silent.vitals = {{"battery.level", "12", "%"}};
    observe::DevicesReport report;
    report.uptime_s = 273'845;
    report.known = 412;
    report.silent = 1;
    report.matching = 412;
    report.devices = {silent, works};
    report.unnamed = {{"meters", {{"unknown-topic", 4}}}};
    return report;
}

SamplePast::SamplePast() : clock(kNow - 150min), history(clock) {
    observe::Report report;
    observe::UplinkReport& city = report.uplinks["city"];
    history.note(report);
    for (int step = 0; step < 900; ++step) {
        clock.advance(10s);
        report.received += 42;
        report.stored += 40;
        report.refused["duplicate"] += 2;
        const bool is_away = step > 600 && step < 780;
        city.waiting = is_away ? city.waiting + 40 : 0;
        city.delivered = report.stored - city.waiting;
        report.buffer.bytes = 1'000'000 + city.waiting * 50;
        history.note(report);
    }
}

std::string sample_page(const observe::Report& report) {
    const SamplePast past;
    return gateway::status::to_page(report, gateway::status::to_parts(report, past.history), "7.1");
}

}  // namespace tests::status
