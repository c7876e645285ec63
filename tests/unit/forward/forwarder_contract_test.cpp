// What a contract keeps from leaving, and that everything else goes on.
#include "gateway/anonymise/pseudonym.hpp"
#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/forward/forwarder.hpp"
#include "gateway/runtime/task_group.hpp"
#include "tests/unit/forward/forward_doubles.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>

using namespace forward_test;
using namespace std::chrono_literals;
using forward::Delivery;
using forward::Forwarder;
using forward::Withheld;
using gateway::runtime::ManualClock;
namespace settings = gateway::settings;

namespace {

const model::Instant kStart = *model::parse_rfc3339("2026-03-01T00:00:00Z");
const model::Instant kEnd = kStart + 1h;

settings::Dataset dataset(const std::string& name, settings::Rule device) {
    settings::Dataset dataset;
    dataset.name = name;
    dataset.fields.emplace("device", std::move(device));
    return dataset;
}

// Water is under a contract, energy is not.
settings::Uplink under_contract(settings::Contract contract) {
    settings::Uplink uplink;
    uplink.name = "city";
    uplink.batch_readings_max = 100;
    uplink.batch_age_max = 0ms;
    uplink.retry_min = 1ms;
    uplink.retry_max = 2ms;
    contract.dataset = "water";
    uplink.contracts.push_back(std::move(contract));
    return uplink;
}

settings::Contract until_end() {
    settings::Contract contract;
    contract.until = kEnd;
    return contract;
}

// The values of make_batch() are 0.10, 0.20, …: those below the first edge do not fit.
settings::Contract in_bins(model::Decimal first) {
    settings::Contract contract;
    contract.fields.emplace("device", settings::Keep{});
    contract.fields.emplace("value", settings::Bin{{first, {1'000'000, 0}}});
    return contract;
}

class BrokenKeys final : public gateway::anonymise::KeySource {
  public:
    model::Result<gateway::anonymise::Key> key(std::string_view name) override {
        if (!broken) return keys.key(name);
        return boost::system::errc::make_error_code(boost::system::errc::permission_denied);
    }
    model::Result<std::optional<gateway::anonymise::Key>> find(std::string_view name) override {
        return keys.find(name);
    }

    gateway::anonymise::ThrowawayKeys keys;
    bool broken = false;
};

struct World {
    explicit World(settings::Contract contract, model::Instant now = kStart)
        : clock(now),
          forwarder(
              {io.get_executor(), clock, log, 7},
              under_contract(std::move(contract)),
              {datasets, keys},
              std::make_unique<ScriptedUplink>(io.get_executor(), script),
              {&water, &energy}
          ) {
        script.answer = [](const buffer::Batch&) { return answer(Delivery::Outcome::confirmed); };
    }
    ~World() {
        boost::asio::co_spawn(io, tasks.close(), boost::asio::detached);
        run_until([this] { return tasks.running() == 0; });
    }

    void start() { tasks.spawn(forwarder.run()); }

    // Batches are shaped on a thread of their own: the test turns until it is so.
    template <class Condition>
    bool run_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            io.restart();
            io.run_one_for(100ms);
        }
        return condition();
    }

    // Energy leaves; it was stored after what the test asks about.
    bool energy_passes() {
        const auto before = energy.confirmed.size();
        energy.store(1, clock.now());
        return run_until([&] { return energy.confirmed.size() > before; });
    }

    // Known by the names: energy's are kept.
    std::size_t sent_of_water() const {
        return static_cast<std::size_t>(std::count_if(
            script.sent.begin(),
            script.sent.end(),
            [](const auto& batch) {
                return gateway::anonymise::looks_like_pseudonym(batch->devices.at(0));
            }
        ));
    }

    boost::asio::io_context io;
    const std::vector<settings::Dataset> datasets{
        dataset("water", settings::Pseudonym{}), dataset("energy", settings::Keep{})};
    BrokenKeys keys;
    ManualClock clock;
    RecordingLog log;
    ScriptedUplink::Script script;
    Commits commits{io.get_executor()};
    ScriptedQueue water{commits, "water"};
    ScriptedQueue energy{commits, "energy"};
    gateway::runtime::TaskGroup tasks{io.get_executor(), [](std::exception_ptr) {}};
    Forwarder forwarder;
};

std::vector<std::uint64_t> sequences(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all(last - first + 1);
    std::iota(all.begin(), all.end(), first);
    return all;
}

}  // namespace

TEST_CASE("what leaves is as the contract says", "[forward][contract]") {
    World world{in_bins({0, 0})};
    world.water.store(10, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 10; }));
    REQUIRE(world.script.sent.size() == 1);
    for (const auto& reading : world.script.sent[0]->readings)
        CHECK(reading.value == model::Decimal{0, 0});
    for (const auto& device : world.script.sent[0]->devices) CHECK(device.size() == 26);
    CHECK(world.forwarder.withholdings().empty());
}

TEST_CASE("a retry sends what was shaped once", "[forward][contract]") {
    World world{in_bins({0, 0})};
    int asked = 0;
    world.script.answer = [&](const buffer::Batch&) {
        return answer(++asked < 3 ? Delivery::Outcome::unavailable : Delivery::Outcome::confirmed);
    };
    world.water.store(10, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 10; }));
    REQUIRE(world.script.sent.size() == 3);
    CHECK(world.script.sent[0] == world.script.sent[1]);
    CHECK(world.script.sent[1] == world.script.sent[2]);
}

TEST_CASE("nothing of a dataset leaves when its contract has ended", "[forward][contract]") {
    World world{until_end(), kEnd - 1ms};
    world.water.store(5, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 5; }));
    CHECK(world.forwarder.withholdings().empty());
    world.clock.set(kEnd);
    world.water.store(200, kEnd);
    REQUIRE(world.energy_passes());
    CHECK(world.water.confirmed.size() == 5);
    CHECK(world.sent_of_water() == 1);
    CHECK(world.water.waiting().readings == 200);
    const auto withheld = world.forwarder.withholdings();
    REQUIRE(withheld.size() == 1);
    CHECK(withheld[0].dataset == "water");
    CHECK(withheld[0].why == Withheld::ended);
    CHECK(withheld[0].waits);
}

TEST_CASE("a contract that ends between two attempts ends them", "[forward][contract]") {
    World world{until_end()};
    world.script.answer = [&](const buffer::Batch& batch) {
        if (batch.readings.size() != 5) return answer(Delivery::Outcome::confirmed);
        world.clock.set(kEnd);
        return answer(Delivery::Outcome::unavailable);
    };
    world.water.store(5, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return !world.script.sent.empty(); }));
    REQUIRE(world.energy_passes());
    CHECK(world.sent_of_water() == 1);
    CHECK(world.water.confirmed.empty());
    CHECK(world.water.buried.empty());
    CHECK(world.water.waiting().readings == 5);
}

TEST_CASE("a contract with an end waits for a clock that knows the date", "[forward][contract]") {
    World world{until_end()};
    world.clock.distrust();
    world.water.store(5, kStart);
    world.start();
    REQUIRE(world.energy_passes());
    CHECK(world.water.confirmed.empty());
    REQUIRE(world.forwarder.withholdings().size() == 1);
    CHECK(world.forwarder.withholdings()[0].why == Withheld::undated);
    world.clock.trust();
    REQUIRE(world.energy_passes());
    CHECK(world.run_until([&] { return world.water.confirmed.size() == 5; }));
}

TEST_CASE("a contract without an end needs no date", "[forward][contract]") {
    World world{in_bins({0, 0})};
    world.clock.distrust();
    world.water.store(5, kStart);
    world.start();
    CHECK(world.run_until([&] { return world.water.confirmed.size() == 5; }));
}

TEST_CASE("what is to be forgotten is told after the contract's end", "[forward][contract]") {
    World world{until_end(), kEnd};
    buffer::Gap gap;
    gap.count = 3;
    world.water.lose(gap, kEnd - 1h);
    buffer::Erasure erasure;
    erasure.device = "somebody";
    world.water.erasures.push_back(erasure);
    SECTION("when no reading waits") {
        world.start();
        REQUIRE(world.run_until([&] { return world.water.erasures.empty(); }));
        CHECK(world.water.gaps.empty());
        REQUIRE(world.script.sent.size() == 1);
        CHECK(world.script.sent.front()->readings.empty());
        CHECK(world.script.sent.front()->erasures.size() == 1);
    }
    SECTION("but not beside readings, which stay") {
        world.water.store(5, kEnd);
        world.start();
        REQUIRE(world.energy_passes());
        CHECK(world.water.erasures.size() == 1);
        CHECK(world.water.openings == 0);
    }
}

TEST_CASE("a reading that does not fit its contract is a dead letter", "[forward][contract]") {
    World world{in_bins({25, -2})};
    world.water.store(100, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 98; }));
    CHECK(world.water.confirmed == sequences(3, 100));
    REQUIRE(world.water.buried.size() == 2);
    CHECK(world.water.buried[0].first == 1);
    CHECK(world.water.buried[1].first == 2);
    CHECK(world.water.buried[0].second.starts_with("contract: "));
    // Nobody was asked about what must not leave.
    for (const auto& batch : world.script.sent) CHECK(batch->first_sequence >= 3);
    CHECK(world.forwarder.state().trouble == forward::UplinkState::Trouble::none);
    CHECK(
        std::count(
            world.log.events.begin(), world.log.events.end(), "reading-not-under-contract"
        ) == 2
    );
}

TEST_CASE("a contract that nothing fits keeps what it cannot send", "[forward][contract]") {
    World world{in_bins({100'000, 0})};
    world.water.store(500, kStart);
    world.start();
    REQUIRE(world.run_until([&] {
        return !world.forwarder.withholdings().empty() &&
               world.forwarder.withholdings()[0].why == Withheld::unfit;
    }));
    CHECK(world.water.buried.size() == Forwarder::kBuriedInARowMax);
    CHECK(world.sent_of_water() == 0);
    CHECK(world.energy_passes());
    CHECK(world.water.buried.size() == Forwarder::kBuriedInARowMax);
}

TEST_CASE(
    "without the recipient's key nothing leaves and everything waits", "[forward][contract]"
) {
    World world{in_bins({0, 0})};
    world.keys.broken = true;
    world.water.store(10, kStart);
    world.start();
    REQUIRE(world.run_until([&] { return world.forwarder.state().consecutive_failures > 2; }));
    CHECK(world.script.sent.empty());
    CHECK(world.water.waiting().readings == 10);
    CHECK(world.forwarder.state().trouble == forward::UplinkState::Trouble::keyless);
    CHECK_FALSE(world.forwarder.state().connected);
    CHECK(std::count(world.log.events.begin(), world.log.events.end(), "uplink-keyless") == 1);
    world.keys.broken = false;
    CHECK(world.run_until([&] { return world.water.confirmed.size() == 10; }));
    CHECK(world.forwarder.state().trouble == forward::UplinkState::Trouble::none);
}
