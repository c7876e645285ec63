#include "gateway/cli/decode_command.hpp"

#include "gateway/cli/command_line.hpp"
#include "gateway/cli/decode_lines.hpp"
#include "gateway/language/translate.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace gateway;
using namespace gateway::cli;

namespace {

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

Outcome run_decode(std::vector<const char*> arguments, const std::string& input) {
    arguments.insert(arguments.begin(), {"passerelle", "--lang", "en", "decode"});
    std::istringstream in{input};
    std::ostringstream out;
    std::ostringstream err;
    CommandContext context{in, out, err, {}};
    CommandLine line{static_cast<int>(arguments.size()), arguments.data(), context};
    add_decode_command(line.app(), context);
    const int status = line.run();
    return {status, out.str(), err.str()};
}

// Lines that arrive at 2026-03-01T12:00:00Z.
std::string decoded(const std::string& format, const std::string& input, bool hex = false) {
    language::choose("en");
    std::istringstream in{input};
    std::ostringstream out;
    DecodeOptions options;
    options.format.name = format;
    if (hex) options.encoding = DecodeLineReader::Encoding::hex;
    options.now = [] { return *model::parse_rfc3339("2026-03-01T12:00:00Z"); };
    decode_lines(in, out, options);
    return out.str();
}

constexpr const char* kOneReading =
    R"({"readings":[{"device":"urn:x:a","quantity":"voltage","value":230.10,"unit":"V",)"
    R"("time":"2026-03-01T12:00:00.000Z","attributes":{"name":"urn:x:a:voltage"}}]})"
    "\n";

constexpr const char* kConfiguration = R"(
[gateway]
id = "test-1"
[buffer]
path = "buffer.db"
[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "public task"
[dataset.fields]
device = "keep"
[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["water/{device}"]
dataset = "water"
format = "json"
[source.json]
device = "/id"
readings = [{ quantity = "water.volume", path = "/m3", unit = "m3" }]
[[source]]
name = "named-by-topic"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["gas/{device}"]
dataset = "water"
format = "json"
[source.json]
readings = [{ quantity = "water.volume", path = "/m3", unit = "m3" }]
[[uplink]]
name = "city"
kind = "http"
url = "https://data.example.org/v1/batches"
)";

struct ConfigurationFile {
    ConfigurationFile() { std::ofstream{file} << kConfiguration; }
    ~ConfigurationFile() { std::remove(file.c_str()); }
    ConfigurationFile(const ConfigurationFile&) = delete;
    ConfigurationFile& operator=(const ConfigurationFile&) = delete;

    // Tests run beside each other.
    const std::string file = "decode_command_test." + std::to_string(::getpid()) + ".toml";
};

}  // namespace

TEST_CASE("a line becomes a line with its readings", "[cli]") {
    CHECK(decoded("senml-json", R"([{"n":"urn:x:a:voltage","u":"V","v":230.10}])") == kOneReading);
    CHECK(
        decoded("cayenne-lpp", "03 67 01 10", true) ==
        R"({"readings":[{"device":"","quantity":"temperature","value":27.2,"unit":"Cel",)"
        R"("time":"2026-03-01T12:00:00.000Z","attributes":{"channel":3,"lpp_type":103}}]})"
        "\n"
    );
}

TEST_CASE("a line that is refused becomes a line with code and message", "[cli]") {
    CHECK(
        decoded("senml-json", "[]\n{}\n") ==
        "{\"error\":{\"code\":\"missing-field\",\"message\":\"RFC 8428 4: the pack has no "
        "record\"}}\n"
        "{\"error\":{\"code\":\"not-this-format\",\"message\":\"RFC 8428 5: the pack is not a "
        "JSON array\"}}\n"
    );
    CHECK(
        decoded("cayenne-lpp", "0367zz", true).find(R"("code":"malformed")") != std::string::npos
    );
    CHECK(decoded("cayenne-lpp", "036", true).find(R"("code":"malformed")") != std::string::npos);
    CHECK(decoded("json", "\n").find(R"("code":"not-this-format")") != std::string::npos);
}

TEST_CASE("a JSON line carries payload, topic and arrival time", "[cli]") {
    const std::string payload = R"([\n{\"n\":\"urn:x:a:voltage\",\n\"u\":\"V\",\"v\":230.10}])";
    const std::string line = R"({"input":")" + payload + R"(","content_format":110})" + "\n";
    CHECK(decoded("senml-json", line) == kOneReading);
    CHECK(decoded("senml-json", line, true) == kOneReading);
    CHECK(
        decoded(
            "cayenne-lpp",
            R"({"input_hex":"03670110","key":"00","topic":"t","received_at":"2026-01-01T00:00:00Z"})"
        )
            .find(R"("time":"2026-01-01T00:00:00.000Z")") != std::string::npos
    );
    CHECK(
        decoded("cayenne-lpp", R"({"input_hex":"03670110","received_at":1767225600})")
            .find(R"("time":"2026-01-01T00:00:00.000Z")") != std::string::npos
    );
    CHECK(
        decoded("cayenne-lpp", R"({"input_hex":"03670110","received_at":true})")
            .find(R"("code":"wrong-type")") != std::string::npos
    );
}

TEST_CASE("an object with other members is a payload of its own", "[cli]") {
    CHECK(
        decoded("json", R"({"inputs":1,"a":{"b":[true,"x"]}})") ==
        R"({"readings":[{"device":"","quantity":"inputs","value":1,"unit":"",)"
        R"("time":"2026-03-01T12:00:00.000Z","attributes":{}},)"
        R"({"device":"","quantity":"a.b.0","value":true,"unit":"",)"
        R"("time":"2026-03-01T12:00:00.000Z","attributes":{}}]})"
        "\n"
    );
    CHECK(decoded("json", R"({"input":3})").find(R"("quantity":"input")") != std::string::npos);
}

TEST_CASE("texts and positions are written as JSON", "[cli]") {
    CHECK(
        decoded("senml-json", R"([{"n":"urn:x:a:label","vs":"\"é\"\n"}])")
            .find(R"("value":"\"é\"\u000a")") != std::string::npos
    );
    CHECK(
        decoded("cayenne-lpp", "018806765ff2960a0003e8", true)
            .find(R"("location":{"latitude":42.3519,"longitude":-87.9094})") != std::string::npos
    );
}

TEST_CASE("the exit status tells whether every line was decoded", "[cli]") {
    const std::string good = R"([{"n":"urn:x:a:voltage","v":1}])";
    CHECK(run_decode({"--format", "senml-json"}, good + "\n" + good + "\n").status == kExitOk);
    CHECK(run_decode({"--format", "senml-json"}, good + "\n[]\n").status == kExitNotDecoded);
    CHECK(run_decode({"--format", "senml-json"}, "").status == kExitOk);
}

TEST_CASE("decode says what is wrong with its arguments", "[cli]") {
    const auto misspelt = run_decode({"--format", "senml-jsn"}, "");
    CHECK(misspelt.status == kExitUsage);
    CHECK(misspelt.err.find("did you mean 'senml-json'?") != std::string::npos);
    CHECK(run_decode({"--format", "x"}, "").err.find("cayenne-lpp") != std::string::npos);
    CHECK(run_decode({"--format", "chirpstack", "--payload", "x"}, "").status == kExitUsage);
    CHECK(run_decode({"--format", "json", "--key", "0"}, "").status == kExitUsage);
    CHECK(run_decode({"--format", "json", "--key", "00ff"}, "").status == kExitOk);
    CHECK(run_decode({}, "").status == kExitUsage);
}

TEST_CASE_METHOD(
    ConfigurationFile, "decode takes a source's mapping from a configuration", "[cli]"
) {
    const auto mapped = run_decode(
        {"--config", file.c_str(), "--source", "meters"}, R"({"id":"m-1","m3":1.5,"x":2})"
    );
    CHECK(mapped.err.empty());
    CHECK(mapped.status == kExitOk);
    CHECK(
        mapped.out.find(
            R"({"readings":[{"device":"m-1","quantity":"water.volume","value":1.5,"unit":"m3")"
        ) == 0
    );
    CHECK(run_decode({"--config", file.c_str(), "--source", "no"}, "").status == kExitUsage);
    CHECK(
        run_decode({"--config", "no.toml", "--source", "meters"}, "").status == kExitConfiguration
    );
}

TEST_CASE_METHOD(ConfigurationFile, "decode tells the device from the topic of a source", "[cli]") {
    std::vector<const char*> by_topic{"--config", file.c_str(), "--source", "named-by-topic"};
    const auto of_line = run_decode(
        by_topic,
        R"({"topic":"gas/m-3","input":"{\"m3\":1.5}"})"
        "\n"
        R"({"m3":1.5})"
    );
    CHECK(of_line.out.find(R"("device":"m-3")") != std::string::npos);
    CHECK(of_line.out.find(R"("device":"")") != std::string::npos);
    by_topic.insert(by_topic.end(), {"--topic", "gas/m-2"});
    const auto of_topic = run_decode(by_topic, R"({"m3":1.5})");
    CHECK(of_topic.out.find(R"("device":"m-2")") != std::string::npos);
    by_topic.back() = "water/m-2";
    const auto unknown = run_decode(by_topic, R"({"m3":1.5})");
    CHECK(unknown.out.find(R"("code":"unknown-topic")") != std::string::npos);
}
