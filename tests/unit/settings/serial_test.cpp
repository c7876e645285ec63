// The keys of driver = "serial", and what is said about mistakes in them.
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace gateway::settings;

namespace {

constexpr const char* kDevice = "device = \"/dev/serial/by-id/usb-1\"\n";

// The sample's second source as a serial one with these lines.
LoadResult load(const std::string& lines) {
    const auto text = sample::with(
        "driver = \"coap\"\ntopics = [\"air/{device}\"]\nformat = \"senml-json\"\n",
        "driver = \"serial\"\n" + lines
    );
    return load_text(text, "f.toml");
}

// What is said about it, one a line.
std::string said(const std::string& lines) {
    std::string all;
    for (const auto& diagnostic : load(lines).diagnostics) all += to_string(diagnostic) + '\n';
    return all;
}

bool says(const std::string& lines, std::string_view text) {
    const std::string all = said(kDevice + lines);
    INFO(all);
    const auto faults = std::count(all.begin(), all.end(), '\n');
    return faults == 1 && all.starts_with("f.toml:") && all.find(text) != std::string::npos;
}

std::string protobuf(const std::string& lines) {
    return "format = \"protobuf\"\n" + lines;
}

}  // namespace

TEST_CASE("every key of a serial line is taken", "[settings]") {
    const auto loaded = load(
        kDevice + protobuf("baud = 460800\nbus = true\nrs485 = true\n"
                           "nodes = [{ name = \"m-1\", address = 1 }, { name = \"m-2\", address = "
                           "247 }]\n")
    );
    REQUIRE(loaded.settings);
    const auto& port = std::get<SerialPort>(loaded.settings->sources.at(1).driver);
    CHECK(port.device == "/dev/serial/by-id/usb-1");
    CHECK(port.baud == 460'800);
    CHECK(port.bus);
    CHECK(port.rs485);
    REQUIRE(port.nodes.size() == 2);
    CHECK(port.nodes[1].name == "m-2");
    CHECK(port.nodes[1].address == 247);
}

TEST_CASE("a line needs its device and no more", "[settings]") {
    const auto loaded = load(kDevice + protobuf(""));
    REQUIRE(loaded.settings);
    const auto& port = std::get<SerialPort>(loaded.settings->sources.at(1).driver);
    CHECK(port.baud == 115'200);
    CHECK_FALSE(port.bus);
    CHECK(port.nodes.empty());
    CHECK(said(protobuf("")).find("'device'") != std::string::npos);
}

TEST_CASE("mistakes of a serial line are said where they are", "[settings]") {
    CHECK(says(protobuf("baud = 115000\n"), "115200"));
    CHECK(says(protobuf("baud = \"fast\"\n"), "no rate"));
    CHECK(says(protobuf("parity = \"even\"\n"), "parity"));
    CHECK(says(protobuf("bus = true\n"), "which nodes"));
    CHECK(says(protobuf("bus = true\nnodes = [{ name = \"m-1\" }]\n"), "no address"));
    CHECK(says(protobuf("nodes = [{ name = \"m-1\", address = 1 }]\n"), "on a bus"));
    CHECK(says(protobuf("bus = true\nnodes = [{ name = \"m-1\", address = 248 }]\n"), "1 to 247"));
    CHECK(says(protobuf("nodes = [{ name = \"m-1\", adress = 1 }]\n"), "adress"));
    CHECK(says(protobuf("nodes = [{ name = \"m 1\" }]\n"), "not a name"));
    CHECK(says(protobuf("nodes = [{ name = \"" + std::string(33, 'm') + "\" }]\n"), "32"));
    CHECK(says(protobuf("nodes = [{ name = \"a\" }, { name = \"a\" }]\n"), "twice"));
    CHECK(says(
        protobuf("bus = true\nnodes = [{ name = \"a\", address = 1 }, { name = \"b\", address = 1 "
                 "}]\n"),
        "this address already"
    ));
    CHECK(says("format = \"senml-json\"\n", "protobuf"));
    CHECK(says(protobuf("topics = [\"a/{device}\"]\n"), "topic"));
    CHECK(says(protobuf("listen = \"127.0.0.1:1\"\n"), "listen"));
}

TEST_CASE("a line has 64 nodes at most", "[settings]") {
    const auto nodes = [](int count) {
        std::string list;
        for (int i = 1; i <= count; ++i)
            list +=
                "{ name = \"m-" + std::to_string(i) + "\", address = " + std::to_string(i) + " }, ";
        return protobuf("bus = true\nnodes = [" + list + "]\n");
    };
    CHECK(load(kDevice + nodes(64)).settings);
    CHECK(says(nodes(65), "64"));
}
