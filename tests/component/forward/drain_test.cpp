#include "gateway/anonymise/throwaway_keys.hpp"
#include "gateway/forward/forwarder.hpp"
#include "gateway/forward/uplink_catalogue.hpp"
#include "gateway/runtime/task_group.hpp"
#include "tests/support/city_receiver_fixture.hpp"
#include "tests/unit/forward/forward_doubles.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <chrono>

using namespace forward_test;
using namespace std::chrono_literals;
using tests::support::CityReceiverFixture;

namespace {

constexpr auto kDrainMax = 60s;

gateway::settings::Uplink to(const std::string& url, std::uint32_t readings_max) {
    gateway::settings::HttpUplink http;
    http.url = url + "/v1/batches";
    gateway::settings::Uplink uplink;
    uplink.name = "city";
    uplink.batch_readings_max = readings_max;
    uplink.batch_age_max = 0ms;
    uplink.retry_min = 1ms;
    uplink.retry_max = 5ms;
    uplink.kind = http;
    return uplink;
}

// Forwards everything that `queue` holds; how long it took.
std::chrono::duration<double> drain(
    boost::asio::io_context& io, ScriptedQueue& queue, const gateway::settings::Uplink& uplink
) {
    gateway::settings::Gateway gateway;
    gateway.id = "tunis-bardo-07";
    gateway::runtime::SystemClock clock;
    RecordingLog log;
    gateway::anonymise::ThrowawayKeys keys;
    gateway::settings::Dataset water;
    water.name = queue.dataset();
    water.fields.emplace("device", gateway::settings::Keep{});
    const std::vector datasets{water};
    forward::Forwarder forwarder(
        {io.get_executor(), clock, log, 7},
        uplink,
        {datasets, keys},
        forward::make_uplink(uplink, gateway),
        {&queue}
    );
    gateway::runtime::TaskGroup tasks(io.get_executor(), [](std::exception_ptr failure) {
        std::rethrow_exception(failure);
    });
    tasks.spawn(forwarder.run());
    const auto start = std::chrono::steady_clock::now();
    while (queue.waiting().readings > 0 && std::chrono::steady_clock::now() - start < kDrainMax) {
        io.run_one_for(100ms);
    }
    const auto took = std::chrono::steady_clock::now() - start;
    boost::asio::co_spawn(io, tasks.close(), boost::asio::detached);
    io.run();
    return took;
}

}  // namespace

TEST_CASE("a backlog reaches the city once and in order, whatever fails", "[component][drain]") {
    const CityReceiverFixture city({"--fail", "refuse=2,drop-before=7,drop-after=5"});
    boost::asio::io_context io;
    Commits commits{io.get_executor()};
    ScriptedQueue queue(commits, "water");
    queue.store(50'000, model::Instant{});
    drain(io, queue, to(city.url(), 500));
    CHECK(queue.confirmed.size() == 50'000);
    CHECK(queue.confirmations == 100);
    CHECK(queue.buried.empty());
    CHECK(
        city.summary() ==
        R"({"readings": 50000, "gaps": 0, "by_dataset": {"water": 50000}, "errors": {}, )"
        R"("batches": 100, "duplicates": 0, "out_of_order_per_device": 0, "key_conflicts": 0, )"
        R"("lost": {}, "overfull_gaps": 0})"
    );
}

TEST_CASE("a large batch is made to fit, and a bad reading is left behind", "[component][drain]") {
    const CityReceiverFixture city({"--fail", "too-large=3000,reject-value=77.70"});
    boost::asio::io_context io;
    Commits commits{io.get_executor()};
    ScriptedQueue queue(commits, "water");
    queue.store(20'000, model::Instant{});
    drain(io, queue, to(city.url(), 10'000));
    REQUIRE(queue.buried.size() == 1);
    CHECK(queue.buried[0].first == 777);
    CHECK(queue.confirmed.size() == 19'999);
    CHECK(city.summary().find(R"("readings": 19999, "gaps": 1)") != std::string::npos);
}

TEST_CASE("a backlog drains fast", "[.][bench]") {
    const CityReceiverFixture city;
    boost::asio::io_context io;
    Commits commits{io.get_executor()};
    ScriptedQueue queue(commits, "water");
    queue.store(1'000'000, model::Instant{});
    const auto took = drain(io, queue, to(city.url(), 10'000));
    WARN(1'000'000 / took.count() << " readings a second");
    CHECK(queue.confirmed.size() == 1'000'000);
}
