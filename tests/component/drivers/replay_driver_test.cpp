#include "drivers/replay/replay_driver.hpp"

#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

using namespace tests::drivers;
using gateway::model::Refusal;

namespace {

gateway::settings::Source source_of(const std::string& file, double speed) {
    gateway::settings::Source source;
    source.name = "recorded";
    gateway::settings::Replay replay;
    replay.file = file;
    replay.speed = speed;
    source.driver = replay;
    return source;
}

struct Rig {
    Rig(const std::string& recording, double speed)
        : driver(
              source_of(directory.write("recording.jsonl", recording), speed),
              {gateway::model::SourceId{1}, sink, sessions, reactor.executor(), clock, log}
          ) {}
    ~Rig() { reactor.await(driver.stop()); }

    bool start() {
        return reactor.call([this] { return driver.start().has_value(); });
    }
    ::drivers::DriverState state() {
        return reactor.call([this] { return driver.state(); });
    }
    bool is_finished() {
        return eventually([this] { return !state().connected; });
    }

    tests::support::TemporaryDirectory directory;
    ReactorThread reactor;
    ScriptedSessions sessions;
    ScriptedSink sink{reactor.executor()};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    ::drivers::replay::ReplayDriver driver;
};

constexpr const char* kThree = R"({"topic":"a","payload_hex":"31","at":"2026-01-31T08:00:00Z"})"
                               "\nnonsense\n"
                               R"({"topic":"b","payload_hex":"32","at":"2026-01-31T08:00:10Z"})"
                               "\n"
                               R"({"topic":"c","payload_hex":"33"})"
                               "\n";

}  // namespace

TEST_CASE("a recording is played in order and its malformed lines are reported", "[replay]") {
    Rig rig(kThree, 0);
    REQUIRE(rig.start());
    REQUIRE(rig.is_finished());
    const auto frames = rig.sink.frames();
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].payload == "1");
    CHECK(frames[2].topic == "c");
    CHECK(rig.state().frames == 3);
    CHECK(rig.state().detail == "finished, malformed lines: 1");
    CHECK_THAT(rig.log.text(), Catch::Contains("recorded 2\n"));
}

TEST_CASE("a recording keeps its spacing, divided by the speed", "[replay]") {
    Rig rig(kThree, 20);  // ten seconds in half a second
    const auto before = std::chrono::steady_clock::now();
    REQUIRE(rig.start());
    REQUIRE(rig.is_finished());
    CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(500));
    CHECK(rig.sink.count() == 3);
}

TEST_CASE("a recorded frame that cannot be taken now is played again", "[replay]") {
    Rig rig(R"({"topic":"a","payload_hex":"31"})", 0);
    rig.sink.refuse_next(Refusal::buffer_full);
    REQUIRE(rig.start());
    REQUIRE(rig.is_finished());
    CHECK(rig.sink.count() == 2);
    CHECK(rig.state().frames == 1);
}

TEST_CASE("stopping ends a recording that waits for its time", "[replay]") {
    Rig rig(kThree, 0.001);
    REQUIRE(rig.start());
    REQUIRE(eventually([&] { return rig.sink.count() == 1; }));
}

TEST_CASE("a recording that cannot be read is an error of start", "[replay]") {
    Rig rig("", 0);
    std::filesystem::remove(rig.directory.path() / "recording.jsonl");
    CHECK_FALSE(rig.start());
}
