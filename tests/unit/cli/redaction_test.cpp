#include "gateway/cli/redaction.hpp"

#include <catch2/catch.hpp>

using gateway::cli::Redaction;
namespace settings = gateway::settings;

namespace {

std::string configuration(const char* toml) {
    settings::Diagnostics faults("test.toml");
    const auto table = settings::parse_document(toml, faults);
    REQUIRE(table);
    return Redaction().configuration(*table);
}

}  // namespace

TEST_CASE("names get the number of their table, everywhere", "[cli]") {
    CHECK(
        configuration(R"(
            [[source]]
            name = "meters"
            dataset = "energy"
            [[dataset]]
            name = "water"
            [[dataset]]
            name = "energy"
            [[uplink]]
            name = "city"
            datasets = ["energy", "water"]
        )") == R"({"source":[{"name":"source-1","dataset":"dataset-2"}],)"
               R"("dataset":[{"name":"dataset-1"},{"name":"dataset-2"}],)"
               R"("uplink":[{"name":"uplink-1","datasets":["dataset-2","dataset-1"]}]})"
    );
}

TEST_CASE("of a configuration stays what is on the list", "[cli]") {
    CHECK(
        configuration(R"(
            [gateway]
            id = "rue-nour-3"
            language = "fr"
            [buffer]
            size_max = "2 GiB"
            [[source]]
            driver = "mqtt"
            url = "mqtts://marie:secret@broker.example.org:8883/x"
            topics = ["dupont/{device}"]
            qos = 1
            [source.json]
            attributes = { dupont = "/dupont" }
            readings = [{ quantity = "water.volume", path = "/m3", unit = "m3" }]
            [[source]]
            listen = "0.0.0.0:1883"
            [[source]]
            listen = "192.0.2.7:1883"
            [[uplink]]
            password = { file = "/etc/passerelle/dupont" }
            marie = 33612345678
        )") ==
        R"({"gateway":{"id":"text-1","language":"fr"},"buffer":{"size_max":"2 GiB"},)"
        R"("source":[{"driver":"mqtt","url":"mqtts://host-1:8883","topics":["text-2"],"qos":1,)"
        R"("json":{"attributes":{"key-1":"path-1"},"readings":[{"quantity":"water.volume",)"
        R"("path":"path-2","unit":"m3"}]}},{"listen":"any:1883"},)"
        R"({"listen":"host-2:1883"}],)"
        R"("uplink":[{"password":{"file":"file-1"},"key-2":"number"}]})"
    );
}

TEST_CASE("of a report stay codes, counts and times", "[cli]") {
    Redaction redaction;
    CHECK(
        redaction.json(R"({"gateway":"g","version":"0.3.0","uptime_s":7,"problems":[)"
                       R"({"code":"uplink-unreachable:city","text":"city is away",)"
                       R"("since":"2026-01-31T23:59:59.000Z","failing":false}],"ledger":{)"
                       R"("refused":{"out-of-range":3,"Dupont 7":1},"uplinks":{"city":{"lag_s":5,)"
                       R"("waiting_in":{"water":2}}}},"latitude":36.8})") ==
        R"({"gateway":"text-1","version":"0.3.0","uptime_s":7,"problems":[)"
        R"({"code":"uplink-unreachable:uplink-1","since":"2026-01-31T23:59:59.000Z",)"
        R"("failing":false}],"ledger":{"refused":{"out-of-range":3,"key-1":"number"},)"
        R"("uplinks":{"uplink-1":{"lag_s":5,"waiting_in":{"dataset-1":2}}}},"key-2":"number"})"
    );
    CHECK(redaction.json("Dupont") == "\"unreadable\"");
}

TEST_CASE("of metrics stay the figures", "[cli]") {
    CHECK(
        Redaction().metrics("# TYPE x counter\n"
                            "x_total{uplink=\"city \\\"x\\\"\",cause=\"size\"} 5\n"
                            "y_bucket{dataset=\"water\",le=\"0.5\"} 7\n# EOF\n") ==
        "# TYPE x counter\n"
        "x_total{uplink=\"uplink-1\",cause=\"size\"} 5\n"
        "y_bucket{dataset=\"dataset-1\",le=\"0.5\"} 7\n# EOF\n"
    );
}

TEST_CASE("of updates stay counts and states, and no device", "[cli]") {
    Redaction redaction;
    CHECK(
        redaction.json(R"({"firmware":{"updates":[{"number":3,"vendor":"acme",)"
                       R"("device_class":"meter-3","sequence":12,"is_settings":false,)"
                       R"("state":"stopped","stage":"tenth","why":"address 3 failed","devices":4,)"
                       R"("by_state":{"rolled-back":1,"address 3":2}}],)"
                       R"("devices":[{"label":"address 3","name":"0a1b2c3d"}]}})") ==
        R"({"firmware":{"updates":[{"number":3,"vendor":"text-1","device_class":"text-2",)"
        R"("sequence":12,"is_settings":false,"state":"stopped","stage":"tenth","devices":4,)"
        R"("by_state":{"rolled-back":1,"key-1":"number"}}]}})"
    );
}
