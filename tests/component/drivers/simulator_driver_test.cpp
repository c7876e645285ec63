#include "drivers/catalogue.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace tests::drivers;
using gateway::model::SourceId;
namespace settings = gateway::settings;

namespace {

settings::Source source_of(const settings::Simulator& simulator) {
    settings::Source source;
    source.name = "training";
    source.topics = {"water/{device}/reading"};
    source.format.json.readings = {{"water.volume", "/m3", "m3"}};
    source.driver = simulator;
    return source;
}

struct Rig {
    explicit Rig(const settings::Source& source)
        : driver(::drivers::make_driver(
              source, {SourceId{5}, sink, sessions, reactor.executor(), clock, log}
          )) {}
    ~Rig() { reactor.await(driver->stop()); }

    ReactorThread reactor;
    ScriptedSessions sessions;
    ScriptedSink sink{reactor.executor()};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    std::unique_ptr<::drivers::Driver> driver;
};

}  // namespace

TEST_CASE("every virtual device reports in its turn", "[simulator]") {
    settings::Simulator simulator;
    simulator.devices = 5;
    simulator.interval = std::chrono::milliseconds(50);
    Rig rig(source_of(simulator));
    REQUIRE(rig.reactor.call([&] { return rig.driver->start().has_value(); }));
    REQUIRE(eventually([&] { return rig.sink.count() >= 10; }));
    std::set<std::string> topics;
    for (const auto& frame : rig.sink.frames()) {
        topics.insert(frame.topic);
        CHECK(frame.source == SourceId{5});
        CHECK_THAT(frame.payload, Catch::StartsWith("{\"m3\":"));
    }
    CHECK(topics.size() == 5);
    CHECK(topics.contains("water/sim-000004/reading"));
}

TEST_CASE("virtual devices wait while the gateway is behind", "[simulator]") {
    settings::Simulator simulator;
    simulator.devices = 1000;
    simulator.interval = std::chrono::milliseconds(100);
    Rig rig(source_of(simulator));
    rig.sink.hold();
    REQUIRE(rig.reactor.call([&] { return rig.driver->start().has_value(); }));
    REQUIRE(eventually([&] { return rig.sink.count() >= 256; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    CHECK(rig.sink.count() <= 258);
    rig.sink.release();
    CHECK(eventually([&] { return rig.sink.count() >= 600; }));
}

TEST_CASE("a format that cannot be simulated is an error of start", "[simulator]") {
    auto source = source_of({});
    source.format.name = "cayenne-lpp";
    Rig rig(source);
    CHECK_FALSE(rig.reactor.call([&] { return rig.driver->start().has_value(); }));
}

TEST_CASE("the catalogue makes the driver of every kind of source", "[catalogue]") {
    auto source = source_of({});
    source.driver = GENERATE(
        decltype(source.driver)(settings::MqttClient{}),
        settings::MqttListener{},
        settings::CoapServer{},
        settings::SerialPort{},
        settings::Replay{}
    );
    Rig rig(source);
    CHECK_FALSE(rig.driver->state().connected);
}
