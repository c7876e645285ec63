#include "gateway/forward/forwarder.hpp"

#include "gateway/anonymise/throwaway_keys.hpp"
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
using gateway::runtime::ManualClock;

namespace {

constexpr auto kConfirmed = Delivery::Outcome::confirmed;
constexpr auto kRejected = Delivery::Outcome::rejected;
constexpr auto kTooLarge = Delivery::Outcome::too_large;
constexpr auto kUnauthorised = Delivery::Outcome::unauthorised;
constexpr auto kUnavailable = Delivery::Outcome::unavailable;

const model::Instant kStart = *model::parse_rfc3339("2026-03-01T00:00:00Z");

gateway::settings::Uplink small_batches() {
    gateway::settings::Uplink settings;
    settings.name = "city";
    settings.batch_readings_max = 100;
    settings.batch_age_max = 5s;
    settings.retry_min = 1ms;
    settings.retry_max = 2ms;
    return settings;
}

// Its readings leave as they are stored.
gateway::settings::Dataset kept(const std::string& name) {
    gateway::settings::Dataset dataset;
    dataset.name = name;
    dataset.fields.emplace("device", gateway::settings::Keep{});
    return dataset;
}

// A forwarder with two queues and a scripted destination, on an io_context that the test turns.
struct World {
    explicit World(const gateway::settings::Uplink& settings = small_batches())
        : forwarder(
              {io.get_executor(), clock, log, 7},
              settings,
              {datasets, keys},
              std::make_unique<ScriptedUplink>(io.get_executor(), script),
              {&water, &energy, &alarms}
          ) {
        script.answer = [](const buffer::Batch&) { return answer(kConfirmed); };
        tasks.spawn(forwarder.run());
    }
    ~World() { stop(); }

    template <class Condition>
    bool run_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            io.restart();
            io.run_one_for(100ms);
        }
        return condition();
    }
    void run_until_idle() {
        io.restart();
        while (io.poll() > 0) io.restart();
    }
    void begin_stop() {
        boost::asio::co_spawn(io, tasks.close(), boost::asio::detached);
        run_until_idle();
    }
    void stop() {
        begin_stop();
        if (script.release) script.release();
        run_until([this] { return tasks.running() == 0; });
    }

    boost::asio::io_context io;
    const std::vector<gateway::settings::Dataset> datasets{
        kept("water"), kept("energy"), kept("alarms")};
    gateway::anonymise::ThrowawayKeys keys;
    ManualClock clock{kStart};
    RecordingLog log;
    ScriptedUplink::Script script;
    Commits commits{io.get_executor()};
    ScriptedQueue water{commits, "water"};
    ScriptedQueue energy{commits, "energy"};
    ScriptedQueue alarms{commits, "alarms", gateway::settings::Priority::alarm};
    std::exception_ptr failure;
    gateway::runtime::TaskGroup tasks{
        io.get_executor(), [this](std::exception_ptr left) { failure = std::move(left); }};
    Forwarder forwarder;
};

std::vector<std::uint64_t> sequences(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all(last - first + 1);
    std::iota(all.begin(), all.end(), first);
    return all;
}

bool has_bad(const buffer::Batch& batch, const std::vector<std::uint64_t>& bad) {
    return std::any_of(bad.begin(), bad.end(), [&](std::uint64_t sequence) {
        return sequence >= batch.first_sequence && sequence <= batch.last_sequence;
    });
}

}  // namespace

TEST_CASE("full batches are sent one after another and each is confirmed once", "[forward]") {
    World world;
    world.water.store(300, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 300; }));
    CHECK(world.water.confirmed == sequences(1, 300));
    CHECK(world.water.confirmations == 3);
    CHECK(world.script.sent.size() == 3);
    CHECK(world.forwarder.state().batches == 3);
    CHECK(world.forwarder.state().bytes_sent == 300);
    CHECK(world.forwarder.state().connected);
    CHECK(world.forwarder.state().last_confirmed == kStart);
}

TEST_CASE("a small batch waits for company until its oldest reading is old enough", "[forward]") {
    World world;
    world.water.store(3, kStart);
    world.run_until_idle();
    CHECK(world.script.sent.empty());
    world.clock.advance(4s);
    world.energy.store(1, world.clock.now());
    world.run_until_idle();
    CHECK(world.script.sent.empty());
    world.clock.advance(1s);
    world.energy.store(1, world.clock.now());
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 3; }));
    CHECK(world.energy.confirmed.empty());
}

TEST_CASE("the age is noticed by time alone, without another reading", "[forward]") {
    auto settings = small_batches();
    settings.batch_age_max = 20ms;
    World world(settings);
    world.water.store(3, kStart);
    world.run_until_idle();
    world.clock.advance(20ms);
    CHECK(world.run_until([&] { return world.water.confirmed.size() == 3; }));
}

TEST_CASE("a clock that goes back does not hold readings", "[forward]") {
    World world;
    world.clock.set(kStart - 24h);
    world.water.store(3, kStart);
    CHECK(world.run_until([&] { return world.water.confirmed.size() == 3; }));
}

TEST_CASE("queues take turns", "[forward]") {
    World world;
    world.water.store(300, kStart);
    world.energy.store(300, kStart);
    REQUIRE(world.run_until([&] { return world.energy.confirmed.size() == 200; }));
    CHECK(world.water.confirmed.size() >= 200);
    CHECK(world.water.confirmed.size() <= 300);
    REQUIRE(world.run_until([&] { return world.energy.confirmed.size() == 300; }));
}

TEST_CASE("alarms wait for nobody, neither for company nor for their turn", "[forward]") {
    World world;
    world.script.holding = true;
    world.water.store(500, kStart);
    REQUIRE(world.run_until([&] { return world.script.sent.size() == 1; }));
    world.energy.store(500, kStart);
    world.alarms.store(3, kStart);
    world.script.release();
    REQUIRE(world.run_until([&] { return world.alarms.confirmed.size() == 3; }));
    CHECK(world.water.confirmed.size() == 100);  // the batch that was under way
    CHECK(world.energy.confirmed.empty());
    world.alarms.store(200, kStart);
    REQUIRE(world.run_until([&] { return world.alarms.confirmed.size() == 203; }));
    CHECK(world.water.confirmed.size() + world.energy.confirmed.size() <= 200);
    REQUIRE(world.run_until([&] { return world.energy.confirmed.size() == 500; }));
}

// An outage that begins with a batch under way and ends when the test says so.
void cut_off(World& world) {
    world.script.holding = true;
    REQUIRE(world.run_until([&] { return world.script.sent.size() == 1; }));
    world.script.answer = [](const buffer::Batch&) { return answer(kUnavailable); };
    world.script.release();
    REQUIRE(world.run_until([&] { return world.forwarder.state().retries > 0; }));
}

TEST_CASE("after an outage new readings go before the backlog", "[forward][lanes]") {
    World world;
    world.water.store(100, kStart);
    cut_off(world);
    world.water.store(1'900, kStart);
    REQUIRE(world.run_until([&] { return world.forwarder.state().retries > 1; }));
    world.script.answer = [&](const buffer::Batch& batch) {
        // With each batch of the backlog a reading arrives, and it waits for company no longer.
        if (batch.first_sequence > 1 && batch.last_sequence < 2'000)
            world.water.store(1, world.clock.now() - 1h);
        return answer(kConfirmed);
    };
    REQUIRE(world.run_until([&] { return world.water.waiting().readings == 0; }));
    auto& confirmed = world.water.confirmed;
    REQUIRE(confirmed.size() == 2'018);
    // After the batch of before the outage, turn by turn one of the backlog and a live one.
    const auto position = [&](std::uint64_t sequence) {
        return std::find(confirmed.begin(), confirmed.end(), sequence) - confirmed.begin();
    };
    CHECK(position(101) == 100);
    CHECK(position(2'001) == 200);
    CHECK(position(201) == 201);
    CHECK(position(2'002) == 301);
    auto backlog = confirmed;
    std::erase_if(backlog, [](std::uint64_t sequence) { return sequence > 2'000; });
    CHECK(backlog == sequences(1, 2'000));  // in order, each once
    std::erase_if(confirmed, [](std::uint64_t sequence) { return sequence <= 2'000; });
    CHECK(confirmed == sequences(2'001, 2'018));
}

TEST_CASE("alarms take no turn of the live readings beside a backlog", "[forward][lanes]") {
    World world;
    world.script.answer = [&](const buffer::Batch& batch) {
        const bool is_live = batch.first_sequence > 1'000;
        const bool is_alarm = batch.readings.size() == 1 && !is_live;
        if (is_alarm) return answer(kConfirmed);
        world.alarms.store(1, kStart);  // one goes before every batch of the others
        if (batch.first_sequence > 1 && !is_live) world.water.store(1, world.clock.now() - 1h);
        return answer(kConfirmed);
    };
    world.water.store(1'000, kStart);  // more than a gateway has that was not away
    REQUIRE(world.run_until([&] { return world.water.waiting().readings == 0; }));
    REQUIRE(world.water.confirmed.size() == 1'009);
    CHECK(world.alarms.confirmed.size() >= 18);
    // The live reading that came with a batch of the backlog goes before the next one of it.
    CHECK(world.water.confirmed[200] == 1'001);
    CHECK(world.water.confirmed[301] == 1'002);
}

TEST_CASE("a short wait makes no backlog", "[forward][lanes]") {
    World world;
    world.water.store(300, kStart);
    cut_off(world);
    world.clock.advance(59s);
    world.script.answer = [&](const buffer::Batch& batch) {
        if (batch.first_sequence == 1) world.water.store(100, kStart);
        return answer(kConfirmed);
    };
    REQUIRE(world.run_until([&] { return world.water.waiting().readings == 0; }));
    CHECK(world.water.confirmed == sequences(1, 400));
}

TEST_CASE("a long wait makes a backlog of a few readings", "[forward][lanes]") {
    World world;
    world.water.store(300, kStart);
    cut_off(world);
    world.clock.advance(60s);
    world.script.answer = [&](const buffer::Batch& batch) {
        // Due at once, and stored while the first batch was under way: not part of the backlog.
        if (batch.first_sequence == 1)
            world.water.store(1, world.clock.now() - Forwarder::kLiveAgeMax);
        return answer(kConfirmed);
    };
    REQUIRE(world.run_until([&] { return world.water.waiting().readings == 0; }));
    auto expected = sequences(1, 200);
    expected.push_back(301);
    for (const auto sequence : sequences(201, 300)) expected.push_back(sequence);
    CHECK(world.water.confirmed == expected);
}

TEST_CASE("beside a backlog live readings hardly wait for company", "[forward][lanes]") {
    auto settings = small_batches();
    settings.batch_age_max = 1h;
    World world(settings);
    world.script.answer = [&](const buffer::Batch& batch) {
        if (batch.first_sequence == 101)
            world.water.store(1, world.clock.now() - Forwarder::kLiveAgeMax);
        return answer(kConfirmed);
    };
    world.water.store(1'000, kStart);  // more than a gateway has that was not away
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() >= 201; }));
    CHECK(world.water.confirmed[200] == 1'001);
}

TEST_CASE("gaps go with the next batch, or alone when they are old enough", "[forward][gaps]") {
    World world;
    const buffer::Gap gap{buffer::Eviction::size, 5, 9, 3, kStart, kStart};
    world.water.lose(gap, kStart);
    world.run_until_idle();
    CHECK(world.script.sent.empty());
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmations == 1; }));
    CHECK(world.script.sent[0]->gaps == std::vector{gap});
    CHECK(world.script.sent[0]->readings.size() == 100);
    world.water.lose(gap, kStart);
    world.clock.advance(5s);
    world.energy.lose(gap, world.clock.now());  // wakes the loop, and is not old itself
    REQUIRE(world.run_until([&] { return world.water.confirmations == 2; }));
    CHECK(world.script.sent[1]->gaps == std::vector{gap});
    CHECK(world.script.sent[1]->readings.empty());
    world.run_until_idle();
    CHECK(world.script.sent.size() == 2);
}

TEST_CASE("gaps alone that the recipient refuses are given up", "[forward][gaps]") {
    World world;
    world.script.answer = [](const buffer::Batch&) { return answer(kRejected, "HTTP 422"); };
    world.water.lose({buffer::Eviction::size, 5, 9, 3, kStart, kStart}, kStart - 1h);
    REQUIRE(world.run_until([&] { return world.water.buried.size() == 1; }));
    world.run_until_idle();
    CHECK(world.script.sent.size() == 1);
    CHECK(world.log.events.back() == "gaps-refused");
}

TEST_CASE("a batch that is taken back is not sent again", "[forward][erasure]") {
    World world;
    world.script.answer = [&](const buffer::Batch& batch) {
        if (batch.erasures.empty()) world.water.erase({"a", "", "", 100}, world.clock.now());
        return answer(batch.erasures.empty() ? kUnavailable : kConfirmed);
    };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmations == 1; }));
    REQUIRE(world.script.sent.size() == 2);
    CHECK(world.script.sent[1]->erasures.size() == 1);
    CHECK(world.water.openings == 2);
}

TEST_CASE("erasures alone that the recipient refuses are given up, and loudly", "[forward]") {
    World world;
    world.script.answer = [](const buffer::Batch&) { return answer(kRejected, "HTTP 422"); };
    world.water.erase({"a", "", "", 9}, kStart - 1h);
    REQUIRE(world.run_until([&] { return world.water.buried.size() == 1; }));
    world.run_until_idle();
    CHECK(world.script.sent.size() == 1);
    CHECK(world.log.events.back() == "erasures-refused");
}

TEST_CASE("an unavailable recipient gets the same batch again until it confirms", "[forward]") {
    World world;
    int refusals = 5;
    world.script.answer = [&](const buffer::Batch&) {
        return answer(refusals-- > 0 ? kUnavailable : kConfirmed);
    };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 100; }));
    REQUIRE(world.script.sent.size() == 6);
    for (const auto& batch : world.script.sent) CHECK(batch == world.script.sent.front());
    CHECK(world.water.confirmations == 1);
    CHECK(world.water.reopenings == 0);
    CHECK(world.forwarder.state().retries == 5);
    CHECK(world.forwarder.state().consecutive_failures == 0);
}

TEST_CASE("the operator is told of an outage once and of its end once", "[forward]") {
    World world;
    int refusals = 5;
    world.script.answer = [&](const buffer::Batch&) {
        return answer(refusals-- > 0 ? kUnavailable : kConfirmed);
    };
    world.water.store(200, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 200; }));
    CHECK(world.log.events == std::vector<std::string>{"uplink-unreachable", "uplink-connected"});
}

TEST_CASE("Retry-After is kept to, within its bound", "[forward]") {
    const auto [asked, least] =
        GENERATE(std::pair{120s, 120s}, std::pair{std::chrono::seconds{864'000}, 3600s});
    World world;
    world.script.answer = [asked = asked](const buffer::Batch&) {
        auto delivery = answer(kUnavailable, "HTTP 429");
        delivery.retry_after = asked;
        return delivery;
    };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.forwarder.state().paused_until.has_value(); }));
    CHECK(*world.forwarder.state().paused_until >= kStart + least);
    CHECK(*world.forwarder.state().paused_until <= kStart + least + 1ms);
    CHECK(world.forwarder.state().detail == "HTTP 429");
    CHECK_FALSE(world.forwarder.state().connected);
    CHECK(world.script.sent.size() == 1);
}

TEST_CASE("a batch that is too large is halved, and the size is remembered", "[forward]") {
    auto settings = small_batches();
    settings.batch_age_max = 0ms;
    World world(settings);
    world.script.answer = [](const buffer::Batch& batch) {
        return answer(batch.readings.size() > 30 ? kTooLarge : kConfirmed, "HTTP 413");
    };
    world.water.store(500, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 500; }));
    CHECK(world.water.confirmed == sequences(1, 500));
    CHECK(world.water.reopenings >= 2);
    CHECK(world.script.sent.size() <= 2 + 500 / 25 + 3);  // 100, 50, then 25 and slightly growing
    CHECK(world.water.buried.empty());
}

TEST_CASE("a single reading that is too large is a dead letter", "[forward]") {
    auto settings = small_batches();
    settings.batch_age_max = 0ms;
    World world(settings);
    world.script.answer = [](const buffer::Batch& batch) {
        return answer(has_bad(batch, {37}) ? kTooLarge : kConfirmed, "HTTP 413");
    };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 99; }));
    REQUIRE(world.water.buried.size() == 1);
    CHECK(world.water.buried[0].first == 37);
    CHECK(world.water.buried[0].second == "too-large");
}

TEST_CASE("bad readings are found among a thousand within bounded requests", "[forward]") {
    const auto bad = GENERATE(
        std::vector<std::uint64_t>{1},
        std::vector<std::uint64_t>{1000},
        std::vector<std::uint64_t>{500, 501},
        std::vector<std::uint64_t>{3, 17, 250, 251, 252, 640, 999}
    );
    auto settings = small_batches();
    settings.batch_readings_max = 1000;
    settings.batch_age_max = 0ms;
    World world(settings);
    world.script.answer = [&](const buffer::Batch& batch) {
        return answer(has_bad(batch, bad) ? kRejected : kConfirmed, "HTTP 422");
    };
    world.water.store(1000, kStart);
    REQUIRE(world.run_until([&] {
        return world.water.confirmed.size() + world.water.buried.size() == 1000;
    }));
    REQUIRE(world.water.buried.size() == bad.size());
    for (std::size_t i = 0; i < bad.size(); ++i) {
        CHECK(world.water.buried[i].first == bad[i]);
        CHECK(world.water.buried[i].second == "rejected: HTTP 422");
    }
    CHECK(std::is_sorted(world.water.confirmed.begin(), world.water.confirmed.end()));
    CHECK(world.script.sent.size() <= 22 * (bad.size() + 1));
}

TEST_CASE("a recipient that refuses everything does not empty the queue", "[forward]") {
    auto settings = small_batches();
    settings.retry_max = 1h;
    World world(settings);
    world.script.answer = [](const buffer::Batch&) { return answer(kRejected, "HTTP 400"); };
    world.water.store(1000, kStart);
    REQUIRE(world.run_until([&] { return world.forwarder.state().paused_until.has_value(); }));
    CHECK(world.water.buried.size() == Forwarder::kBuriedInARowMax);
    CHECK(world.forwarder.state().trouble == forward::UplinkState::Trouble::rejecting);
    CHECK(world.forwarder.state().paused_until == kStart + 1h);
}

TEST_CASE("refused credentials pause the uplink, alarm once and keep everything", "[forward]") {
    auto settings = small_batches();
    settings.retry_max = 1h;
    World world(settings);
    world.script.answer = [](const buffer::Batch&) { return answer(kUnauthorised, "HTTP 401"); };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.forwarder.state().paused_until.has_value(); }));
    CHECK(world.forwarder.state().paused_until == kStart + 1h);
    CHECK(world.forwarder.state().troubled_since == kStart);
    CHECK(world.water.waiting().readings == 100);
    CHECK(world.water.reopenings == 0);
    CHECK(world.log.events == std::vector<std::string>{"uplink-unauthorised"});
}

TEST_CASE("a failure of the store ends the loop without an answer to it", "[forward]") {
    World world;
    world.water.store(100, kStart);
    world.water.fail();
    CHECK(world.run_until([&] { return world.tasks.running() == 0; }));
    CHECK(world.script.sent.empty());
    CHECK(world.failure == nullptr);
}

TEST_CASE("an idle forwarder ends when it is cancelled", "[forward][cancel]") {
    World world;
    world.run_until_idle();
    world.begin_stop();
    CHECK(world.tasks.running() == 0);
}

TEST_CASE("a pausing forwarder ends when it is cancelled", "[forward][cancel]") {
    auto settings = small_batches();
    settings.retry_max = 1h;
    World world(settings);
    world.script.answer = [](const buffer::Batch&) { return answer(kUnauthorised); };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.forwarder.state().paused_until.has_value(); }));
    world.begin_stop();
    CHECK(world.tasks.running() == 0);
    CHECK(world.script.sent.size() == 1);
}

TEST_CASE("a batch under way at the stop is confirmed if its answer comes", "[forward][cancel]") {
    World world;
    world.script.holding = true;
    world.water.store(200, kStart);
    REQUIRE(world.run_until([&] { return world.script.sent.size() == 1; }));
    world.begin_stop();
    CHECK(world.tasks.running() == 1);
    world.script.release();
    REQUIRE(world.run_until([&] { return world.tasks.running() == 0; }));
    CHECK(world.water.confirmations == 1);
    CHECK(world.water.confirmed == sequences(1, 100));
    CHECK(world.script.sent.size() == 1);
}

TEST_CASE("a batch under way at the stop is given up after the grace", "[forward][cancel]") {
    World world;
    world.script.holding = true;
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.script.sent.size() == 1; }));
    world.begin_stop();
    CHECK_FALSE(world.script.cancelled);
    REQUIRE(world.run_until([&] { return world.tasks.running() == 0; }));
    CHECK(world.script.cancelled);
    CHECK(world.water.waiting().readings == 100);
    CHECK(world.water.reopenings == 0);
}

TEST_CASE("readings that are gone when their turn comes do not make the loop spin", "[forward]") {
    auto settings = small_batches();
    settings.retry_min = 1h;
    World world(settings);
    world.water.hollow = true;
    world.water.store(100, kStart);
    world.run_until_idle();
    CHECK(world.water.openings == 1);
    CHECK(world.script.sent.empty());
}

TEST_CASE("readings that wait for their date hold up no others", "[forward][clock]") {
    auto settings = small_batches();
    settings.retry_min = 1h;
    World world(settings);
    world.water.undated = true;
    world.water.store(100, kStart);
    world.energy.store(300, kStart);
    REQUIRE(world.run_until([&] { return world.energy.confirmed.size() == 300; }));
    world.run_until_idle();
    CHECK(world.water.openings == 1);
    CHECK(world.water.confirmed.empty());
    world.water.date();
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 100; }));
}

TEST_CASE("a batch that waits for company is due by its age, not by the date", "[forward][clock]") {
    World world;
    world.clock.distrust();
    world.water.store(3, world.clock.stamp());
    world.run_until_idle();
    world.clock.set(kStart + 10 * 366 * 24h);
    world.clock.trust();
    world.energy.store(1, world.clock.stamp());  // so that the forwarder looks again
    world.run_until_idle();
    CHECK(world.script.sent.empty());
    world.clock.advance(5s);
    world.energy.store(1, world.clock.stamp());
    REQUIRE(world.run_until([&] { return world.water.confirmed.size() == 3; }));
}

TEST_CASE("an exception of the uplink reaches the task group", "[forward]") {
    World world;
    world.script.answer = [](const buffer::Batch&) -> Delivery {
        throw std::runtime_error("scripted");
    };
    world.water.store(100, kStart);
    REQUIRE(world.run_until([&] { return world.tasks.running() == 0; }));
    CHECK(world.failure != nullptr);
    CHECK(world.water.confirmations == 0);
}
