#include "gateway/doctor/serial_checks.hpp"
#include "tests/support/pseudo_terminal.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/doctor/as_nobody.hpp"
#include "tests/unit/doctor/found.hpp"

#include <sys/stat.h>
#include <unistd.h>

using gateway::doctor::Account;
using gateway::doctor::check_serial_lines;
using gateway::doctor::own_account;
using gateway::doctor::RunningGateway;
using gateway::doctor::Severity;
using gateway::settings::SerialPort;
using gateway::settings::Settings;
using tests::found;
using tests::severity_of;
using tests::support::PseudoTerminal;

namespace {

Settings with(const SerialPort& port) {
    Settings settings;
    settings.sources.push_back({"cellar", "", {}, 1, {}, port});
    return settings;
}

Settings line_at(const std::string& device) {
    SerialPort port;
    port.device = device;
    return with(port);
}

// A gateway that has opened the line and hears so many nodes.
RunningGateway hearing(std::uint64_t nodes) {
    RunningGateway running;
    running.report.emplace();
    auto& source = running.report->sources.emplace_back();
    source.name = "cellar";
    source.connected = true;
    source.detail = "/dev/ttyUSB0: …";
    source.connections = nodes;
    return running;
}

Severity line_of(const std::string& device) {
    return severity_of(check_serial_lines(line_at(device), {}, own_account()), "serial-line");
}

}  // namespace

TEST_CASE("a serial device that can be used is in order", "[doctor]") {
    const PseudoTerminal line;
    CHECK(line_of(line.path()) == Severity::ok);
    const auto checks = check_serial_lines(line_at(line.path()), {}, own_account());
    CHECK(severity_of(checks, "serial-nodes") == Severity::skipped);
}

TEST_CASE("a serial device that is not there, or is none, is a failure", "[doctor]") {
    const tests::support::TemporaryDirectory directory;
    CHECK(line_of(directory.file("gone")) == Severity::failure);
    CHECK(line_of(directory.write("file", "")) == Severity::failure);
    CHECK(line_of("/dev/null") == Severity::failure);  // no terminal
}

TEST_CASE("who may not open the serial device is told what to write into the unit", "[doctor]") {
    if (::geteuid() != 0) return;
    const PseudoTerminal line;
    REQUIRE(::chmod(line.path().c_str(), 0600) == 0);
    const Account service{4711, {4711}, "service"};
    const auto check = found(check_serial_lines(line_at(line.path()), {}, service), "serial-line");
    CHECK(check.severity == Severity::failure);
    CHECK(check.remedy.find("dialout") != std::string::npos);
    const int other = tests::found_as_nobody([&] {
        const auto checks = check_serial_lines(line_at(line.path()), {}, own_account());
        return checks.front().severity == Severity::failure ? 0 : 1;
    });
    CHECK(other == 0);
}

TEST_CASE("the doctor leaves a line alone that the gateway has, and counts its nodes", "[doctor]") {
    const auto nodes = [](const Settings& settings, std::uint64_t heard) {
        const auto checks = check_serial_lines(settings, hearing(heard), own_account());
        CHECK(severity_of(checks, "serial-line") == Severity::ok);  // there is no such device
        return severity_of(checks, "serial-nodes");
    };
    CHECK(nodes(line_at("/dev/none"), 1) == Severity::ok);
    CHECK(nodes(line_at("/dev/none"), 0) == Severity::warning);
    SerialPort bus;
    bus.bus = true;
    bus.nodes = {{"m-1", 1}, {"m-2", 2}};
    CHECK(nodes(with(bus), 1) == Severity::warning);
    CHECK(nodes(with(bus), 2) == Severity::ok);
}

TEST_CASE("without a serial line there is nothing to look at", "[doctor]") {
    CHECK(check_serial_lines({}, {}, own_account()).empty());
}
