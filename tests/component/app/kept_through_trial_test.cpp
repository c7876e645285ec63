#include "gateway/kept_through_trial.hpp"

#include "gateway/reconfiguration_check.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

namespace {

settings::Settings with(const std::vector<std::string>& datasets, settings::seconds retention) {
    settings::Settings made;
    for (const auto& name : datasets) {
        settings::Dataset& dataset = made.datasets.emplace_back();
        dataset.name = name;
        dataset.retention = retention;
    }
    return made;
}

void add_uplink(
    settings::Settings& settings, const std::string& name, std::vector<std::string> datasets
) {
    settings::Uplink& uplink = settings.uplinks.emplace_back();
    uplink.name = name;
    uplink.datasets = std::move(datasets);
}

}  // namespace

TEST_CASE("what the good one keeps is kept through a trial, behind the trial's own", "[rollout]") {
    auto good = with({"water", "air"}, 30h);
    add_uplink(good, "city", {"water"});
    add_uplink(good, "company", {});
    add_uplink(good, "region", {"air"});
    good.buffer.size_max = 100;
    good.buffer.full = settings::Buffer::Full::refuse;
    auto trial = with({"noise", "water"}, 10h);
    add_uplink(trial, "state", {"noise"});
    add_uplink(trial, "city", {"noise"});
    add_uplink(trial, "company", {"water"});
    trial.buffer.size_max = 50;

    const auto kept = kept_through_trial(trial, good);
    CHECK(kept.buffer.size_max == 100);
    CHECK(kept.buffer.full == settings::Buffer::Full::refuse);
    REQUIRE(kept.datasets.size() == 3);
    CHECK(kept.datasets[0].name == "noise");
    CHECK(kept.datasets[0].retention == 10h);
    CHECK(kept.datasets[1].name == "water");
    CHECK(kept.datasets[1].retention == 30h);
    CHECK(kept.datasets[2].name == "air");
    REQUIRE(kept.uplinks.size() == 4);
    CHECK(kept.uplinks[0].name == "state");
    CHECK(kept.uplinks[1].datasets == std::vector<std::string>{"noise", "water"});
    CHECK(kept.uplinks[2].datasets.empty());  // all
    CHECK(kept.uplinks[3].name == "region");
}

TEST_CASE("a buffer is the same unless a queue goes or something is kept shorter", "[rollout]") {
    auto good = with({"water"}, 30h);
    add_uplink(good, "city", {"water"});
    auto now = good;
    CHECK(has_same_buffer(now, good));
    now.uplinks[0].kind = settings::MqttUplink{};
    CHECK(has_same_buffer(now, good));
    now.datasets[0].retention = 31h;
    CHECK(has_same_buffer(now, good));
    now.datasets[0].retention = 29h;
    CHECK_FALSE(has_same_buffer(now, good));
    now = good;
    now.uplinks.clear();
    CHECK_FALSE(has_same_buffer(now, good));
    now = good;
    add_uplink(now, "second", {});
    CHECK(has_same_buffer(now, good));
}
