#pragma once
#include "drivers/serial/serial_driver.hpp"
#include "tests/component/drivers/marking_sink.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_depot.hpp"
#include "tests/support/pseudo_terminal.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace tests::drivers {

inline gateway::settings::Source serial_source(gateway::settings::SerialPort port) {
    gateway::settings::Source source;
    source.name = "line";
    source.format.name = "protobuf";
    source.driver = std::move(port);
    return source;
}

// A driver whose device is a link, as udev makes them.
struct SerialRig {
    enum class Setup : std::uint8_t { plugged_in, unplugged, with_updates };

    explicit SerialRig(gateway::settings::SerialPort port = {}, Setup setup = Setup::plugged_in) {
        device = directory.file("by-id");
        port.device = device;
        if (setup != Setup::unplugged) plug_in();
        driver = std::make_unique<::drivers::serial::SerialDriver>(
            serial_source(std::move(port)), around(setup == Setup::with_updates)
        );
        REQUIRE(reactor.call([this] { return driver->start().has_value(); }));
    }
    ~SerialRig() {
        if (driver) reactor.await(driver->stop());
        reactor.call([this] { driver.reset(); });
    }
    SerialRig(const SerialRig&) = delete;
    SerialRig& operator=(const SerialRig&) = delete;

    void plug_in() {
        line = std::make_unique<tests::support::PseudoTerminal>();
        std::filesystem::remove(device);
        std::filesystem::create_symlink(line->path(), device);
    }
    void pull_out() {
        std::filesystem::remove(device);
        line->hang_up();
    }
    ::drivers::Surroundings around(bool with_updates = false) {
        return {
            gateway::model::SourceId{5},
            sink,
            sessions,
            reactor.executor(),
            clock,
            log,
            with_updates ? &depot : nullptr};
    }
    void stop() { reactor.await(driver->stop()); }

    ::drivers::DriverState state() {
        return reactor.call([this] { return driver->state(); });
    }
    std::uint64_t turned_away(const std::string& cause) { return state().turned_away[cause]; }

    tests::support::TemporaryDirectory directory;
    std::string device;
    std::unique_ptr<tests::support::PseudoTerminal> line;
    ReactorThread reactor;
    HeldSessions sessions{reactor.executor()};
    MarkingSink sink{reactor.executor(), sessions};
    gateway::runtime::ManualClock clock{gateway::runtime::kDatesFrom + std::chrono::hours{1}};
    QuietLog log;
    ScriptedDepot depot{reactor.executor()};
    std::unique_ptr<::drivers::serial::SerialDriver> driver;
};

inline gateway::settings::SerialPort bus_of(int nodes) {
    gateway::settings::SerialPort port;
    port.bus = true;
    for (int i = 1; i <= nodes; ++i)
        port.nodes.push_back({"m-" + std::to_string(i), static_cast<std::uint8_t>(i)});
    return port;
}

}  // namespace tests::drivers
