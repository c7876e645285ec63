#include "gateway/doctor/box.hpp"
#include "gateway/doctor/configuration_checks.hpp"
#include "gateway/doctor/examination.hpp"
#include "gateway/doctor/gateway_checks.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/doctor/found.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <stdexcept>

using namespace std::chrono_literals;
using gateway::doctor::check_configuration;
using gateway::doctor::check_gateway;
using gateway::doctor::Checks;
using gateway::doctor::examine;
using gateway::doctor::own_account;
using gateway::doctor::RunningGateway;
using gateway::doctor::Severity;
using tests::found;
using tests::severity_of;
using tests::support::TemporaryDirectory;

namespace {

gateway::model::Instant now() {
    return gateway::model::parse_rfc3339("2026-11-26T10:00:00Z").value();
}

gateway::settings::Settings with_uplink() {
    gateway::settings::Settings settings;
    settings.uplinks.emplace_back().name = "city";
    return settings;
}

// A gateway that has nothing to complain of.
RunningGateway well() {
    RunningGateway running;
    auto& report = running.report.emplace();
    report.gateway = "gabes-02";
    report.version = PASSERELLE_VERSION;
    report.uptime_s = 3600;
    report.clock.now = now();
    auto& uplink = report.uplinks["city"];
    uplink.connected = true;
    uplink.last_confirmed = now() - 30s;
    auto& source = report.sources.emplace_back();
    source.name = "meters";
    source.connected = true;
    source.last_frame = now() - 10s;
    report.buffer.bytes = 1 << 20;
    report.buffer.size_max = 1 << 30;
    report.buffer.bytes_per_day = 50 << 20;
    report.buffer.flash_budget_per_day = 200 << 20;
    return running;
}

Severity severity(const RunningGateway& running, std::string_view code) {
    return severity_of(check_gateway(with_uplink(), running), code);
}

}  // namespace

TEST_CASE("a gateway that is well is in order", "[doctor]") {
    CHECK(worst_of(check_gateway(with_uplink(), well())) == Severity::ok);
}

TEST_CASE("an update of devices whose date is over waits for somebody", "[doctor]") {
    RunningGateway running = well();
    auto& updates = running.report->firmware.emplace().updates;
    CHECK(severity(running, "firmware-updates") == Severity::ok);
    updates.emplace_back().state = "done";
    CHECK(severity(running, "firmware-updates") == Severity::ok);
    updates.emplace_back().state = "expired";
    updates.back().number = 7;
    CHECK(severity(running, "firmware-updates") == Severity::notice);
    const auto check = found(check_gateway(with_uplink(), running), "firmware-updates");
    CHECK(check.finding.find("update 7") != std::string::npos);
}

TEST_CASE("no gateway is a failure, and what it alone knows is skipped", "[doctor]") {
    RunningGateway none;
    none.answer = "127.0.0.1:8080: Connection refused";
    CHECK(severity(none, "gateway") == Severity::failure);
    CHECK(severity(none, "uplink-confirmed") == Severity::skipped);
    none.holder = 812;
    CHECK(
        found(check_gateway(with_uplink(), none), "gateway").finding.find("812") !=
        std::string::npos
    );
}

TEST_CASE("the answer of another gateway is told as one", "[doctor]") {
    auto settings = with_uplink();
    settings.gateway.id = "gabes-02";
    CHECK(severity_of(check_gateway(settings, well()), "gateway") == Severity::ok);
    settings.gateway.id = "gabes-03";
    CHECK(severity_of(check_gateway(settings, well()), "gateway") == Severity::warning);
}

TEST_CASE("problems of the gateway are passed on with their weight", "[doctor]") {
    auto running = well();
    running.report->problems.push_back({.code = "a", .text = "x", .since = {}, .failing = false});
    CHECK(severity(running, "gateway-problems") == Severity::warning);
    running.report->problems.push_back({.code = "b", .text = "y", .since = {}, .failing = true});
    const auto check = found(check_gateway(with_uplink(), running), "gateway-problems");
    CHECK(check.severity == Severity::failure);
    CHECK(check.finding == "y");
}

TEST_CASE("readings that wait for long are a warning, silence is not", "[doctor]") {
    auto running = well();
    auto& uplink = running.report->uplinks["city"];
    uplink.last_confirmed = now() - 48h;
    CHECK(severity(running, "uplink-confirmed") == Severity::ok);
    uplink.waiting = 7;
    uplink.lag_s = 15 * 60;
    CHECK(severity(running, "uplink-confirmed") == Severity::ok);
    uplink.lag_s = 15 * 60 + 1;
    const auto check = found(check_gateway(with_uplink(), running), "uplink-confirmed");
    CHECK(check.severity == Severity::warning);
    CHECK(check.finding.find("2\u00a0d ago") != std::string::npos);
    uplink.dead = 1;
    CHECK(severity(running, "uplink-dead-letters") == Severity::warning);
}

TEST_CASE("a source is away, silent, or well", "[doctor]") {
    auto running = well();
    auto& source = running.report->sources.front();
    source.last_frame = now() - 25h;
    CHECK(severity(running, "source-messages") == Severity::warning);
    source.last_frame.reset();
    CHECK(severity(running, "source-messages") == Severity::ok);  // it runs for an hour
    source.connected = false;
    CHECK(severity(running, "source-messages") == Severity::failure);
}

TEST_CASE("room, wear and version are judged", "[doctor]") {
    auto running = well();
    running.report->buffer.bytes = (1 << 30) - 1;
    CHECK(severity(running, "buffer-room") == Severity::warning);
    running.report->buffer.bytes = 1;
    running.report->buffer.full_in_s = 3600;
    CHECK(severity(running, "buffer-room") == Severity::warning);
    running.report->buffer.bytes_per_day = 201 << 20;
    CHECK(severity(running, "buffer-wear") == Severity::notice);
    running.report->version = "0.0.1";
    CHECK(severity(running, "gateway-version") == Severity::notice);
}

TEST_CASE("mistakes in a configuration are shown with place and remedy", "[doctor]") {
    const TemporaryDirectory directory;
    const auto file = directory.write("passerelle.toml", "[gateway]\nid = \"a\"\ncolour = 1\n");
    const auto look = [&] {
        const auto loaded = gateway::settings::load(file, {.look_at_files = false});
        return check_configuration(loaded, file, own_account());
    };
    const auto check = found(look(), "configuration");
    CHECK(check.severity == Severity::failure);
    CHECK(check.finding.starts_with(file + ":3:1: "));
    ::chmod(file.c_str(), 0666);
    CHECK(severity_of(look(), "configuration-rights") == Severity::failure);
    ::chmod(file.c_str(), 0644);
    CHECK(severity_of(look(), "configuration-rights") == Severity::ok);
}

TEST_CASE("the first mistakes are shown, and how many more there are", "[doctor]") {
    const TemporaryDirectory directory;
    std::string text = "[gateway]\nid = \"a\"\n";
    for (int i = 0; i < 30; ++i) text += "x" + std::to_string(i) + " = 1\n";
    const auto file = directory.write("passerelle.toml", text);
    const auto loaded = gateway::settings::load(file, {.look_at_files = false});
    const auto checks = check_configuration(loaded, file, own_account());
    const auto failures = std::count_if(checks.begin(), checks.end(), [](const auto& check) {
        return check.severity == Severity::failure;
    });
    CHECK(failures == gateway::doctor::kMistakesShownMax + 1);
}

TEST_CASE("a group that hangs is told and left behind", "[doctor]") {
    auto end = std::make_shared<std::promise<void>>();
    const auto ended = end->get_future().share();
    const auto hang = [ended] {
        ended.wait();
        return Checks{};
    };
    const auto [checks, is_complete] = examine(
        {{"disk-space", 1ms, hang},
         {"clock-date", 60s, [] { return Checks{gateway::doctor::in_order("clock-date", "x")}; }}}
    );
    CHECK(severity_of(checks, "disk-space") == Severity::warning);
    CHECK(severity_of(checks, "clock-date") == Severity::ok);
    CHECK_FALSE(is_complete);
    end->set_value();
}

TEST_CASE("a group that throws is a warning, and the others go on", "[doctor]") {
    const auto [checks, is_complete] = examine(
        {{"memory", 60s, []() -> Checks { throw std::runtime_error("no"); }},
         {"swap", 60s, [] { return Checks{gateway::doctor::in_order("swap", "x")}; }}}
    );
    CHECK(found(checks, "memory").severity == Severity::warning);
    CHECK(found(checks, "swap").severity == Severity::ok);
    CHECK(is_complete);
}

TEST_CASE("the holder of a database's lock is found", "[doctor]") {
    const TemporaryDirectory directory;
    const auto file = directory.write("buffer.db", "x");
    CHECK_FALSE(gateway::doctor::holder_of(file));
    CHECK_FALSE(gateway::doctor::holder_of(directory.file("none")));
    std::array<int, 2> held{};
    std::array<int, 2> seen{};
    REQUIRE(::pipe(held.data()) == 0);
    REQUIRE(::pipe(seen.data()) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        struct flock lock {};
        lock.l_type = F_RDLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = 0x40000002;
        lock.l_len = 510;
        const bool is_locked = ::fcntl(::open(file.c_str(), O_RDWR), F_SETLK, &lock) == 0;
        char letter = is_locked ? 'y' : 'n';
        if (::write(held[1], &letter, 1) != 1 || ::read(seen[0], &letter, 1) != 1) ::_exit(1);
        ::_exit(0);
    }
    char letter = 0;
    REQUIRE(::read(held[0], &letter, 1) == 1);
    CHECK(letter == 'y');
    CHECK(gateway::doctor::holder_of(file) == child);
    CHECK(::write(seen[1], &letter, 1) == 1);
    ::waitpid(child, nullptr, 0);
}

TEST_CASE("a box without a usable configuration is looked at all the same", "[doctor]") {
    const TemporaryDirectory directory;
    gateway::doctor::Box box;
    box.file = directory.write("passerelle.toml", "[gateway\n");
    box.loaded = gateway::settings::load(box.file, {.look_at_files = false});
    box.running.answer = "x";
    const auto checks = examine_box(std::move(box)).checks;
    CHECK(severity_of(checks, "configuration") == Severity::failure);
    CHECK(severity_of(checks, "keys") == Severity::skipped);
    found(checks, "clock-date");
    found(checks, "memory");
}

TEST_CASE("of a box whose configuration hangs nothing is said of the gateway", "[doctor]") {
    gateway::doctor::Box box;
    box.file = "/no such file";
    const auto checks = examine_box(std::move(box)).checks;
    CHECK(severity_of(checks, "gateway") == Severity::skipped);
    found(checks, "memory");
}
