#include "gateway/cli/explain_command.hpp"

#include "gateway/cli/command_line.hpp"
#include "gateway/language/translate.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::cli;

namespace {

constexpr const char* kConfiguration = R"(
[gateway]
id = "test-1"
state_directory = "state"
[buffer]
path = "buffer.db"
[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "public task"
consent_ref = "file 7"
[dataset.fields]
device = "pseudonym"
time = { rule = "coarsen", step = "PT15M" }
value = { rule = "round", step = 0.1 }
phone = { rule = "phone", country = "216" }
site = "keep"
owner = "drop"
[[dataset]]
name = "air"
purpose = "air quality"
legal_basis = "public task"
fields = { device = "keep" }
[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["water/{device}"]
dataset = "water"
format = "json"
[source.json]
time = "/ts"
readings = [{ quantity = "water.volume", path = "/l", unit = "L" }]
attributes = { phone = "/phone", site = "/site", owner = "/owner", note = "/note" }
[[uplink]]
name = "city"
kind = "http"
url = "https://data.example.org/v1/batches"
[[uplink]]
name = "public"
kind = "mqtt"
url = "mqtt://127.0.0.1:1883"
datasets = ["air"]
)";

// Two more that the city knows by one name, and one whose time is over.
constexpr const char* kContracts = R"(
[[uplink]]
name = "regie"
kind = "http"
url = "https://regie.example.org/"
datasets = ["water"]
[uplink.contract.water]
purpose = "billing"
[uplink.contract.water.fields]
device = { rule = "pseudonym", epoch = "P1Y" }
time = { rule = "coarsen", step = "P1D" }
value = { rule = "round", step = 1 }
site = "keep"
[[uplink]]
name = "second"
kind = "http"
url = "https://regie.example.org/2"
recipient = "regie"
datasets = ["water"]
[[uplink]]
name = "third"
kind = "http"
url = "https://regie.example.org/3"
recipient = "regie"
datasets = ["water"]
[[uplink]]
name = "former"
kind = "http"
url = "https://former.example.org/"
datasets = ["water"]
[uplink.contract.water]
until = "2001-01-01"
)";

constexpr const char* kMessage =
    R"({"ts":"2026-03-01T06:07:08Z","l":1234,"phone":"71 123 456","site":"north","owner":"B","note":"x"})";

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

struct Fixture {
    Outcome explain(std::vector<std::string> arguments, const std::string& input = kMessage) const {
        const std::vector<std::string> first{
            "passerelle", "--lang", "en", "explain", "--config", file};
        arguments.insert(arguments.begin(), first.begin(), first.end());
        std::vector<const char*> argv;
        for (const std::string& argument : arguments) argv.push_back(argument.c_str());
        std::istringstream in{input};
        std::ostringstream out;
        std::ostringstream err;
        CommandContext context{in, out, err, {}};
        CommandLine line{static_cast<int>(argv.size()), argv.data(), context};
        add_explain_command(line.app(), context);
        const int status = line.run();
        language::choose("en");
        return {status, out.str(), err.str()};
    }

    Outcome of_water(std::vector<std::string> more, const std::string& input = kMessage) const {
        more.insert(more.begin(), {"--dataset", "water", "--topic", "water/bardo-0042"});
        return explain(more, input);
    }

    const tests::support::TemporaryDirectory directory;
    const std::string file = directory.write("p.toml", kConfiguration);
};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// Pseudonyms are other ones every time; between a number and its unit stands a no-break space.
std::string without_pseudonyms(const std::string& text) {
    const auto named = std::regex_replace(text, std::regex{"[a-z2-7]{26}"}, "PSEUDONYM");
    return std::regex_replace(named, std::regex{"\u00a0"}, " ");
}

}  // namespace

TEST_CASE_METHOD(Fixture, "explain shows each field before and after its rule", "[cli]") {
    const auto outcome = of_water({});
    CHECK(outcome.err.empty());
    CHECK(outcome.status == kExitOk);
    CHECK(
        without_pseudonyms(outcome.out) ==
        R"(Pseudonyms below are made with keys that are thrown away: they are not those of the gateway.)"
        "\n"
        "\n"
        R"(water.volume, device bardo-0042)"
        "\n"
        R"(  FIELD   BEFORE                    AFTER                       RULE)"
        "\n"
        R"(  device  bardo-0042                PSEUDONYM  pseudonym, epoch 30 d)"
        "\n"
        R"(    becomes a name that only the key of this dataset can make, and another one every 30 d)"
        "\n"
        R"(  time    2026-03-01T06:07:08.000Z  2026-03-01T06:00:00.000Z    coarsen, step 15 min)"
        "\n"
        R"(    becomes the start of the 15 min it falls into)"
        "\n"
        R"(  value   1234 L                    1.2 m3                      round, step 0.1)"
        "\n"
        R"(    becomes the nearest multiple of 0.1)"
        "\n"
        R"(  note    x                         -                           -)"
        "\n"
        R"(    is removed, since no rule names it)"
        "\n"
        R"(  owner   B                         -                           drop)"
        "\n"
        R"(    is removed before anything is stored)"
        "\n"
        R"(  phone   71 123 456                PSEUDONYM  phone, then pseudonym, epoch 30 d, country 216)"
        "\n"
        R"(    is read as a telephone number, whatever its spelling, and becomes a name that only the key of this dataset can make, and another one every 30 d)"
        "\n"
        R"(  site    north                     north                       keep)"
        "\n"
        R"(    stays as it is)"
        "\n"
        R"(city (http) gets:)"
        "\n"
        R"(  {"device":"PSEUDONYM","quantity":"water.volume","value":1.2,"unit":"m3","time":"2026-03-01T06:00:00.000Z","time_quality":"device","attributes":{"phone":"PSEUDONYM","site":"north"}})"
        "\n"
        R"(  FIELD   AS STORED                   AS SENT                     RULE)"
        "\n"
        R"(  device  PSEUDONYM  PSEUDONYM  -)"
        "\n"
        R"(    becomes a name that only city gets)"
        "\n"
        R"(  phone   PSEUDONYM  PSEUDONYM  -)"
        "\n"
        R"(    becomes a name that only city gets)"
        "\n"
    );
}

TEST_CASE_METHOD(Fixture, "explain tells a machine the same", "[cli]") {
    const auto outcome =
        of_water({"--json"}, R"({"ts":"2026-03-01T06:07:08Z","l":1234,"phone":"x"})");
    CHECK(
        without_pseudonyms(outcome.out) ==
        R"({"dataset":"water","keys":"throw-away","readings":[{"device":"bardo-0042","quantity":"water.volume","unit_before":"L","unit_after":"m3","fields":[)"
        R"({"field":"device","before":"bardo-0042","after":"PSEUDONYM","rule":"pseudonym, epoch 30 d","reason":"becomes a name that only the key of this dataset can make, and another one every 30 d"},)"
        R"({"field":"time","before":"2026-03-01T06:07:08.000Z","after":"2026-03-01T06:00:00.000Z","rule":"coarsen, step 15 min","reason":"becomes the start of the 15 min it falls into"},)"
        R"({"field":"value","before":1234,"after":1.2,"rule":"round, step 0.1","reason":"becomes the nearest multiple of 0.1"},)"
        R"({"field":"phone","before":"x","after":null,"rule":"phone, then pseudonym, epoch 30 d, country 216","reason":"is removed, since what it holds is not what its rule is for"}],)"
        R"("uplinks":[{"uplink":"city","kind":"http","recipient":"city","reading":{"device":"PSEUDONYM","quantity":"water.volume","value":1.2,"unit":"m3","time":"2026-03-01T06:00:00.000Z","time_quality":"device","attributes":{}},)"
        R"("changes":[{"field":"device","before":"PSEUDONYM","after":"PSEUDONYM","rule":"","reason":"becomes a name that only city gets"}],"withheld":""}]}]})"
        "\n"
    );
}

TEST_CASE_METHOD(Fixture, "explain shows each recipient's reading under its contract", "[cli]") {
    directory.write("p.toml", std::string{kConfiguration} + kContracts);
    const auto out = without_pseudonyms(of_water({}).out);
    CHECK(contains(
        out,
        R"(regie (http) gets:)"
        "\n"
        R"(  {"device":"PSEUDONYM","quantity":"water.volume","value":1,"unit":"m3","time":"2026-03-01T00:00:00.000Z","time_quality":"device","attributes":{"site":"north"}})"
        "\n"
    ));
    CHECK(contains(out, "becomes a name that only regie gets, and another one every 365 d of the"));
    CHECK(contains(out, "is not sent, since the contract does not name it"));
    CHECK(contains(out, "coarsen, step 1 d\n    becomes the start of the 1 d it falls into\n"));
    CHECK(contains(out, "former (http) gets nothing: the contract has ended: "));
    CHECK(contains(out, "second (recipient regie) (http) gets:"));
}

TEST_CASE_METHOD(Fixture, "explain gives one recipient one name, and two recipients two", "[cli]") {
    directory.write("p.toml", std::string{kConfiguration} + kContracts);
    const auto out = of_water({"--json"}).out;
    const auto device_of = [&](const std::string& uplink) {
        const auto from = out.find("\"uplink\":\"" + uplink);
        const auto at = out.find("{\"device\":\"", from) + 11;
        return out.substr(at, 26);
    };
    const auto second = device_of("second");
    CHECK(second == device_of("third"));
    CHECK(second != device_of("city"));
    CHECK(contains(out, R"("uplink":"former","kind":"http","recipient":"former","reading":null)"));
}

TEST_CASE_METHOD(Fixture, "explain uses no key twice and leaves none behind", "[cli]") {
    const auto first = of_water({"--json"});
    const auto second = of_water({"--json"});
    CHECK(first.out != second.out);
    CHECK(without_pseudonyms(first.out) == without_pseudonyms(second.out));
    const auto files = std::distance(
        std::filesystem::directory_iterator{directory.path()}, std::filesystem::directory_iterator{}
    );
    CHECK(files == 1);
}

TEST_CASE_METHOD(Fixture, "explain says why a line or a reading is refused", "[cli]") {
    const auto line = of_water({}, "not JSON\n" + std::string{kMessage});
    CHECK(line.status == kExitNotExplained);
    CHECK(contains(line.out, "\nThis line is refused: "));
    CHECK(contains(line.out, "water.volume, device bardo-0042"));
    const auto reading = of_water({}, R"({"ts":"2026-03-01T06:07:08Z","l":-5})");
    CHECK(reading.status == kExitNotExplained);
    CHECK(contains(
        reading.out,
        "water.volume, device bardo-0042\n  is refused: the value is outside the quantity's range\n"
    ));
    const auto json = of_water({"--json"}, R"({"ts":"2026-03-01T06:07:08Z","l":-5})");
    CHECK(contains(
        json.out,
        R"("readings":[{"device":"bardo-0042","quantity":"water.volume","error":{"code":"implausible-value",)"
    ));
    CHECK(of_water({"--json"}, "x").out.starts_with(R"({"error":{"code":)"));
}

TEST_CASE_METHOD(Fixture, "explain reads payloads from a file", "[cli]") {
    const auto payloads = directory.write("payloads", std::string{kMessage} + "\n" + kMessage);
    const auto outcome = of_water({"--json", payloads}, "");
    CHECK(outcome.status == kExitOk);
    CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 2);
    const auto missing = of_water({"/nonexistent/payloads"});
    CHECK(missing.status == kExitUsage);
    CHECK(missing.err == "passerelle explain: /nonexistent/payloads cannot be read\n");
}

TEST_CASE_METHOD(Fixture, "explain says what is wrong with its arguments", "[cli]") {
    const auto misspelt = explain({"--dataset", "watr"});
    CHECK(misspelt.status == kExitUsage);
    CHECK(contains(misspelt.err, "has no dataset named 'watr': did you mean 'water'?"));
    CHECK(contains(explain({"--dataset", "air"}).err, "no source feeds the dataset 'air'"));
    CHECK(explain({}).status == kExitUsage);
    CHECK(explain({"--dataset", "air", "--source", "x"}).status == kExitUsage);
    CHECK(explain({"--dataset", "air", "--format", "jsn"}).status == kExitUsage);
    CHECK(explain({"--config", "no.toml", "--dataset", "air"}).status != kExitOk);
}

TEST_CASE_METHOD(Fixture, "explain takes payloads of a format without a source", "[cli]") {
    const auto outcome = explain(
        {"--dataset", "air", "--format", "senml-json"},
        R"([{"bn":"urn:dev:1:","n":"air.pm10","u":"ug/m3","v":12}])"
    );
    CHECK(contains(outcome.out, "city (http) gets:"));
    CHECK(contains(outcome.out, "public (mqtt) gets:"));
    CHECK(contains(outcome.out, "stays as it is, since no rule names it"));
}
