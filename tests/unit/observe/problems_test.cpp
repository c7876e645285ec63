#include "gateway/observe/problems.hpp"

#include "gateway/observe/memory_log.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

struct Watched {
    observe::MemoryLog log;
    runtime::ManualClock clock{model::Instant{1'700'000'000'000ms}};
    observe::Problems problems{log, clock};
};

}  // namespace

TEST_CASE("a problem has a beginning, which raising it again keeps", "[observe]") {
    Watched watched;
    watched.problems.raise("uplink-unreachable:city", "no answer", false);
    const model::Instant since = watched.clock.now();
    watched.clock.advance(10min);
    watched.problems.raise("uplink-unreachable:city", "still no answer", false);
    const auto list = watched.problems.list();
    REQUIRE(list.size() == 1);
    CHECK(list[0].since == since);
    CHECK(list[0].text == "still no answer");
    CHECK(watched.log.count("uplink-unreachable:city") == 1);
}

TEST_CASE("a problem is as old as it is, whatever becomes of the date", "[observe][clock]") {
    Watched watched;
    watched.clock.distrust();
    watched.problems.raise("clock", "not set", false);
    watched.clock.advance(10min);
    watched.clock.set(model::Instant{1'800'000'000'000ms});
    watched.clock.trust();
    REQUIRE(watched.problems.list().size() == 1);
    CHECK(watched.problems.list()[0].since == watched.clock.now() - 10min);
}

TEST_CASE("a problem that is cleared is gone and logged as solved", "[observe]") {
    Watched watched;
    watched.problems.raise("buffer-full", "the buffer is full", true);
    watched.problems.clear("buffer-full");
    watched.problems.clear("buffer-full");
    CHECK(watched.problems.list().empty());
    const auto entries = watched.log.entries();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].level == observe::Level::error);
    CHECK(entries[1].level == observe::Level::info);
    CHECK(entries[1].text.find("the buffer is full") != std::string::npos);
}

TEST_CASE("a problem that gets worse is logged again", "[observe]") {
    Watched watched;
    watched.problems.raise("disk", "slow", false);
    watched.problems.raise("disk", "gone", true);
    REQUIRE(watched.log.entries().size() == 2);
    CHECK(watched.log.entries()[1].level == observe::Level::error);
    CHECK(watched.problems.list()[0].failing);
}

TEST_CASE("failing problems come first, then the oldest", "[observe]") {
    Watched watched;
    for (const char* code : {"c", "b", "a"}) {
        watched.problems.raise(code, "x", std::string_view{code} == "a");
        watched.clock.advance(1s);
    }
    const auto list = watched.problems.list();
    REQUIRE(list.size() == 3);
    CHECK(list[0].code == "a");
    CHECK(list[1].code == "c");
    CHECK(list[2].code == "b");
}

TEST_CASE("problems are bounded", "[observe]") {
    Watched watched;
    for (int i = 0; i < 1000; ++i) watched.problems.raise(std::to_string(i), "x", false);
    CHECK(watched.problems.list().size() == observe::Problems::kProblemsMax);
}

TEST_CASE("the state of a report is that of its worst problem", "[observe]") {
    observe::Report report;
    CHECK(report.state() == "ok");
    report.problems.push_back({"a", "x", {}, false});
    CHECK(report.state() == "degraded");
    report.problems.push_back({"b", "x", {}, true});
    CHECK(report.state() == "failing");
}
