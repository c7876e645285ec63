#include "gateway/doctor/clock_checks.hpp"
#include "gateway/doctor/network_checks.hpp"
#include "gateway/doctor/support_checks.hpp"
#include "gateway/doctor/system_checks.hpp"
#include "tests/unit/doctor/found.hpp"
#include "tests/unit/doctor/made_up_tree.hpp"

using namespace std::chrono_literals;
using gateway::doctor::check_network;
using gateway::doctor::check_support;
using gateway::doctor::check_system;
using gateway::doctor::ClockFacts;
using gateway::doctor::judge_clock;
using gateway::doctor::judge_skew;
using gateway::doctor::Severity;
using gateway::settings::Clock;
using gateway::settings::Settings;
using tests::found;
using tests::MadeUpTree;
using tests::severity_of;

namespace {

gateway::model::Instant at(const char* time) {
    return gateway::model::parse_rfc3339(time).value();
}

ClockFacts good_clock() {
    ClockFacts clock;
    clock.now = at("2026-11-26T10:00:00Z");
    clock.last_run = at("2026-11-26T09:59:00Z");
    clock.is_synchronised = true;
    clock.has_battery = true;
    clock.service = "chronyd";
    clock.source = "arch_sys_counter";
    return clock;
}

Settings listening_at(const std::string& address) {
    gateway::settings::MqttListener listener;
    listener.listen = address;
    Settings settings;
    settings.status.listen.clear();
    settings.sources.push_back({"meters", "", {}, 1, {}, listener});
    return settings;
}

}  // namespace

TEST_CASE("support that has ended is told by a clock that somebody vouches for", "[doctor]") {
    ClockFacts clock = good_clock();
    CHECK(check_support(clock).severity == Severity::ok);
    clock.now = at("2099-01-01T00:00:00Z");
    CHECK(check_support(clock).severity == Severity::warning);
    clock.is_synchronised = false;
    CHECK(check_support(clock).severity == Severity::skipped);
    clock.trust = Clock::Trust::always;
    CHECK(check_support(clock).severity == Severity::warning);
}

TEST_CASE("a clock that is right is in order", "[doctor]") {
    CHECK(worst_of(judge_clock(good_clock())) == Severity::ok);
}

TEST_CASE("a clock of 1970, or behind what was seen, is a failure", "[doctor]") {
    auto clock = good_clock();
    clock.now = at("1970-01-01T00:10:00Z");
    CHECK(severity_of(judge_clock(clock), "clock-date") == Severity::failure);
    clock.now = at("2026-11-25T10:00:00Z");
    CHECK(severity_of(judge_clock(clock), "clock-date") == Severity::failure);
    clock.last_run.reset();
    CHECK(severity_of(judge_clock(clock), "clock-date") == Severity::ok);
}

TEST_CASE("a clock that nobody sets is a warning unless the configuration vouches", "[doctor]") {
    auto clock = good_clock();
    clock.is_synchronised = false;
    clock.service.clear();
    clock.has_battery = false;
    CHECK(severity_of(judge_clock(clock), "clock-synchronised") == Severity::warning);
    CHECK(severity_of(judge_clock(clock), "clock-service") == Severity::warning);
    CHECK(severity_of(judge_clock(clock), "clock-battery") == Severity::notice);
    clock.trust = Clock::Trust::always;
    CHECK(severity_of(judge_clock(clock), "clock-synchronised") == Severity::ok);
    CHECK(severity_of(judge_clock(clock), "clock-service") == Severity::notice);
    CHECK(severity_of(judge_clock(clock), "clock-battery") == Severity::warning);
}

TEST_CASE("what the kernel says of the clock is read", "[doctor]") {
    const MadeUpTree tree;
    tree.write("proc/812/comm", "chronyd\n");
    tree.write("proc/self/comm", "doctor\n");
    tree.make("sys/class/rtc/rtc0");
    tree.write("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    Settings settings;
    settings.gateway.state_directory = tree.path("state");
    settings.clock.trust = Clock::Trust::mark;
    settings.clock.mark = tree.path("mark");
    auto clock = read_clock(settings, tree.places());
    CHECK(clock.service == "chronyd");
    CHECK(clock.has_battery);
    CHECK(clock.source == "tsc");
    CHECK_FALSE(clock.is_synchronised);
    tree.write("mark", "");
    CHECK(read_clock(settings, tree.places()).is_synchronised);
    const MadeUpTree nothing;
    clock = read_clock(settings, nothing.places());
    CHECK(clock.service.empty());
    CHECK_FALSE(clock.has_battery);
}

TEST_CASE("a recipient's clock may differ by a minute", "[doctor]") {
    const auto now = at("2026-11-26T10:00:00Z");
    CHECK(judge_skew("city", now - 60s, now).severity == Severity::ok);
    CHECK(judge_skew("city", now - 61s, now).finding.find("ahead") != std::string::npos);
    CHECK(judge_skew("city", now + 1h, now).severity == Severity::warning);
    CHECK(judge_skew("city", now + 1h, now).finding.find("behind") != std::string::npos);
}

TEST_CASE("routes and name servers are a failure where they are needed", "[doctor]") {
    const MadeUpTree tree;
    const auto look = [&](bool is_needed) {
        return check_network({is_needed, is_needed}, tree.places());
    };
    CHECK(severity_of(look(true), "network-route") == Severity::failure);
    CHECK(severity_of(look(true), "name-servers") == Severity::failure);
    CHECK(severity_of(look(false), "network-route") == Severity::notice);
    CHECK(severity_of(look(false), "name-servers") == Severity::notice);
    tree.write("proc/net/route", "Iface\tDestination\tGateway\nwwan0\t00000000\t010200C0\t0003\n");
    tree.write("resolv.conf", "# by hand\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n");
    CHECK(found(look(true), "network-route").finding.find("wwan0") != std::string::npos);
    CHECK(
        found(look(true), "name-servers").finding.find("192.0.2.1, 192.0.2.2") != std::string::npos
    );
}

TEST_CASE("a default route of IPv6 is one as well, but none by lo", "[doctor]") {
    const MadeUpTree tree;
    const std::string everywhere = std::string(32, '0') + " 00 " + std::string(32, '0') + " 00 ";
    tree.write("proc/net/ipv6_route", everywhere + "x 0 0 0 lo\n");
    CHECK(
        severity_of(check_network({true, false}, tree.places()), "network-route") ==
        Severity::failure
    );
    tree.write("proc/net/ipv6_route", everywhere + "x 0 0 0 eth0\n");
    CHECK(
        severity_of(check_network({true, false}, tree.places()), "network-route") == Severity::ok
    );
}

TEST_CASE("a machine that tells nothing is skipped", "[doctor]") {
    const MadeUpTree tree;
    const auto checks = check_system({}, {}, tree.places());
    CHECK(worst_of(checks) == Severity::ok);
    for (const char* code : {"memory", "memory-kills", "temperature", "power", "open-files"})
        CHECK(severity_of(checks, code) == Severity::skipped);
}

TEST_CASE("memory, swap, heat and power are judged", "[doctor]") {
    const MadeUpTree tree;
    const auto look = [&](const char* code) {
        return severity_of(check_system({}, {}, tree.places()), code);
    };
    tree.write("proc/meminfo", "MemTotal:  900000 kB\nMemAvailable:  200000 kB\n");
    CHECK(look("memory") == Severity::ok);
    tree.write("proc/meminfo", "MemTotal:  900000 kB\nMemAvailable:  50000 kB\n");
    CHECK(look("memory") == Severity::warning);
    tree.write("proc/meminfo", "MemTotal:  900000 kB\nMemAvailable:  9000 kB\n");
    CHECK(look("memory") == Severity::failure);
    tree.write("proc/vmstat", "oom_kill_other 7\noom_kill 0\n");
    CHECK(look("memory-kills") == Severity::ok);
    tree.write("proc/vmstat", "oom_kill 2\n");
    CHECK(look("memory-kills") == Severity::warning);
    tree.write("proc/swaps", "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n");
    CHECK(look("swap") == Severity::ok);
    tree.write("proc/swaps", "Filename Type Size Used Priority\n/var/swap file 1 0 -2\n");
    CHECK(look("swap") == Severity::warning);
    tree.write("sys/class/thermal/thermal_zone0/temp", "51000\n");
    CHECK(look("temperature") == Severity::ok);
    tree.write("sys/class/thermal/thermal_zone1/temp", "84000\n");
    CHECK(look("temperature") == Severity::warning);
    tree.write("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
    tree.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
    CHECK(look("power") == Severity::ok);
    tree.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
    CHECK(look("power") == Severity::warning);
}

TEST_CASE("the limits of the gateway's process are judged", "[doctor]") {
    const MadeUpTree tree;
    const auto limits = [&](const char* files, const char* locked) {
        tree.write(
            "proc/812/limits",
            std::string("Limit Soft Hard Units\nMax locked memory  ") + locked + "  " + locked +
                "  bytes\nMax open files  1024  " + files + "  files\n"
        );
        return check_system(listening_at("127.0.0.1:1883"), 812, tree.places());
    };
    CHECK(severity_of(limits("524288", "8388608"), "open-files") == Severity::ok);
    CHECK(severity_of(limits("524288", "unlimited"), "locked-memory") == Severity::ok);
    CHECK(severity_of(limits("1024", "65536"), "open-files") == Severity::warning);
    CHECK(severity_of(limits("1024", "65536"), "locked-memory") == Severity::warning);
}
