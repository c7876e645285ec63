#include "gateway/observe/device_report.hpp"
#include "gateway/status/json_devices.hpp"
#include "gateway/status/json_report.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"
#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace gateway;
using tests::CommandOutcome;
using tests::http_answer;
using tests::run_command;
using tests::ScriptedServer;

namespace {

observe::DeviceReport device(const std::string& name, const std::string& state) {
    observe::DeviceReport report;
    report.name = name;
    report.dataset = "water";
    report.source = "meters";
    report.state = state;
    report.last_seen_ago_s = 7'300;
    report.interval_s = 900;
    return report;
}

observe::DevicesReport report_of(std::vector<observe::DeviceReport> devices) {
    observe::DevicesReport report;
    report.uptime_s = 90'000;
    report.known = report.matching = devices.size();
    report.devices = std::move(devices);
    return report;
}

observe::Report gateway_with(bool source_works) {
    observe::Report report;
    observe::SourceReport source;
    source.name = "meters";
    source.connected = source_works;
    source.detail = "connection refused";
    report.sources = {source};
    return report;
}

struct Conversation {
    CommandOutcome outcome;
    std::vector<std::string> requests;
};

// What the command says to a gateway that gives these answers.
Conversation converse(
    std::vector<std::string> words,
    const std::vector<std::string>& bodies,
    const std::string& input = {}
) {
    std::vector<std::string> answers;
    for (const auto& body : bodies) answers.push_back(http_answer(body));
    ScriptedServer server{ScriptedServer::Kind::tcp, {}, answers};
    words.insert(words.begin(), "devices");
    words.insert(words.end(), {"--address", server.address()});
    auto outcome = run_command(words, input);
    return {std::move(outcome), server.requests()};
}

// What it says about one device.
std::string words_about(const observe::DeviceReport& report, bool source_works = true) {
    return converse(
               {report.name},
               {status::to_json(report_of({report})), status::to_json(gateway_with(source_works))}
    )
        .outcome.out;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

// In however many lines.
std::string in_one_line(const std::string& text) {
    std::string line;
    for (const char c : text) {
        if (c == ' ' || c == '\n') {
            if (!line.ends_with(' ')) line += ' ';
        } else {
            line += c;
        }
    }
    return line;
}

std::size_t width_of(const std::string& line) {
    std::size_t width = 0;
    for (const char c : line) width += (static_cast<unsigned char>(c) & 0xc0U) == 0x80U ? 0 : 1;
    return width;
}

}  // namespace

TEST_CASE("a device's name orders no terminal about", "[cli]") {
    const std::string name = "m-1\x1b[2J\x7f\u009b2J\u00e9";
    const std::string plain = "m-1 [2J  2J\u00e9";
    const auto json = status::to_json(report_of({device(name, "heard")}));
    for (const auto& said : {converse({}, {json}), converse({"m"}, {json, json})}) {
        INFO(said.outcome.out);
        CHECK(has(said.outcome.out, plain));
        for (const char* control : {"\x1b", "\x7f", "\u009b"})
            CHECK_FALSE(has(said.outcome.out, control));
    }
}

TEST_CASE("devices lists what was heard", "[cli]") {
    const auto json = status::to_json(report_of({device("m-2", "silent"), device("m-1", "heard")}));
    const auto said = converse({}, {json});
    CHECK(said.outcome.status == 0);
    CHECK(said.requests.front().starts_with("GET /devices?limit=100&search= HTTP/1.1\r\n"));
    CHECK(has(said.outcome.out, "m-2"));
    CHECK(has(said.outcome.out, "silent"));
    CHECK(has(said.outcome.out, "15"));
    CHECK(converse({"--json"}, {json}).outcome.out == json + '\n');
    CHECK(converse({"--silent", "--limit", "7"}, {json})
              .requests.front()
              .starts_with("GET /devices?limit=7&silent=1&search= HTTP/1.1\r\n"));
}

TEST_CASE("the list of devices fits into 80 columns, in both languages", "[cli]") {
    auto wide = device("nqx3v2o5c7hml4ktp6ayr2bweu", "silent");
    wide.source = "a-source-with-a-long-name";
    wide.refused = {{"duplicate", 1'234'567}};
    wide.vitals = {{"battery.level", "100", "%"}, {"radio.rssi", "-101", "dB[mW]"}};
    auto report = report_of({wide});
    report.matching = 10'000;
    report.forgotten = 1'250;
    report.unnamed = {{"meters", {{"unknown-topic", 1'234'567}, {"not-this-format", 7}}}};
    for (const char* language : {"en", "fr"}) {
        const auto said = converse({"--lang", language}, {status::to_json(report)});
        std::istringstream lines{said.outcome.out};
        for (std::string line; std::getline(lines, line);) {
            INFO(line);
            CHECK(width_of(line) <= 80);
        }
        CHECK(has(said.outcome.out, "nqx3v2o5c7"));
        CHECK(has(said.outcome.out, "-101\u00a0dBm"));
    }
}

TEST_CASE("a device that works is said to", "[cli]") {
    const auto said = converse(
        {"m-1"},
        {status::to_json(report_of({device("m-1", "heard"), device("m-12", "silent")})),
         status::to_json(gateway_with(true))}
    );
    CHECK(said.outcome.status == 0);
    CHECK(said.outcome.out.starts_with("m-1\nIt works:"));
    CHECK_FALSE(has(said.outcome.out, "m-12"));
}

TEST_CASE("the reason of a silence is looked for", "[cli]") {
    const auto silent = device("m-1", "silent");
    CHECK(has(words_about(silent), "It is silent"));
    CHECK(has(words_about(silent), "Its source meters works"));
    CHECK(has(words_about(silent, false), "Its source meters cannot receive (connection refused)"));
    auto weak = silent;
    weak.vitals = {{"battery.level", "15", "%"}};
    CHECK(has(words_about(weak), "battery was nearly empty"));
    weak.vitals = {{"battery.level", "16", "%"}};
    CHECK_FALSE(has(words_about(weak), "nearly empty"));
    weak.vitals = {{"battery.low", "1", "1"}};
    CHECK(has(words_about(weak), "battery was nearly empty"));
}

TEST_CASE("a device that is refused or renamed is told of", "[cli]") {
    auto refused = device("m-1", "refused");
    refused.last_refused_ago_s = 60;
    refused.refused = {{"wrong-unit", 12}};
    const auto said = converse(
        {"m-1"}, {status::to_json(report_of({refused})), status::to_json(gateway_with(true))}
    );
    CHECK(said.outcome.status == 1);
    CHECK(has(in_one_line(said.outcome.out), "is refused: wrong unit 12"));
    CHECK(has(words_about(device("m-1", "renamed")), "has another now"));
}

TEST_CASE("of an unknown device it says what it knows", "[cli]") {
    auto report = report_of({});
    report.unnamed = {{"meters", {{"unknown-topic", 3}}}};
    const auto said =
        converse({"m-9"}, {status::to_json(report), status::to_json(gateway_with(false))});
    CHECK(said.outcome.status == 1);
    CHECK(has(said.outcome.out, "m-9 was not heard since the gateway started"));
    CHECK(has(said.outcome.out, "Source meters cannot receive"));
    CHECK(has(in_one_line(said.outcome.out), "unknown topic 3"));
    CHECK(has(said.outcome.out, "--identity"));
}

TEST_CASE("a beginning that several names have lists them whole", "[cli]") {
    const auto said = converse(
        {"m"}, {status::to_json(report_of({device("m-1", "heard"), device("m-2", "heard")}))}
    );
    CHECK(said.outcome.status == 0);
    CHECK(has(said.outcome.out, "\n  m-1\n  m-2\n"));
}

TEST_CASE("a name is asked for as it is, whatever is in it", "[cli]") {
    const auto said =
        converse({"m 1&é"}, {status::to_json(report_of({})), status::to_json(gateway_with(true))});
    CHECK(said.requests.front().starts_with("GET /devices?limit=100&search=m%201%26%C3%A9 HTTP"));
}

TEST_CASE("a device is found by the name that is on it, which is told to nobody", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.write("p.toml", "[gateway]\nid = \"gabes-02\"\n");
    const std::vector<std::string> words{"--identity", "--dataset", "water", "-c", file};
    auto first = device("stored-1", "renamed");
    auto other = device("stored-2", "heard");
    other.dataset = "energy";
    const auto said = converse(
        words,
        {status::to_json(report_of({first})),
         status::to_json(report_of({device("stored-2", "heard"), other})),
         status::to_json(gateway_with(true))},
        "meter-7\n"
    );
    CHECK(said.outcome.status == 0);
    CHECK(has(said.outcome.out, "stored-1\n"));
    CHECK(has(said.outcome.out, "stored-2\nIt works"));
    CHECK_FALSE(has(said.outcome.out, "energy"));
    for (const auto& request : said.requests) CHECK_FALSE(has(request, "meter-7"));
    CHECK(has(said.requests[0], "search=stored-1 "));
    CHECK(has(said.requests[1], "search=stored-2 "));
    CHECK(
        run_command({"devices", "--identity", "--dataset", "water", "-c", file}, "\n").status == 64
    );
    CHECK(run_command({"devices", "--identity", "-c", file}, "meter-7\n").status == 64);
}

TEST_CASE("whose names cannot be found is told why", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.write("p.toml", "[gateway]\nid = \"gabes-02\"\n");
    const auto outcome =
        run_command({"devices", "--identity", "--dataset", "gas", "-c", file}, "meter-7\n");
    CHECK(outcome.status == 69);
    CHECK(has(outcome.err, "no dataset gas"));
    const auto none =
        run_command({"devices", "--identity", "--dataset", "new", "-c", file}, "meter-7\n");
    CHECK(none.status == 1);
    CHECK(has(none.out, "Nothing was ever stored"));
}
