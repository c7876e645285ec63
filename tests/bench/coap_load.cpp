// Plays many meters that post over CoAP to 127.0.0.1, each from a socket of its own with one
// confirmable request under way, and says in one JSON line how fast they were answered, how long
// each waited, and what the playing itself cost. One thread. Exit status 0 if every reading was
// answered with 2.04.
//   coap_load --port 5683 --devices 200 --count 100000
#include "tests/bench/load/coap_load.hpp"

#include "tests/bench/load/outcome.hpp"
#include "tests/bench/stopwatch.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

struct Options {
    bench::CoapWay way;
    bench::Fleet::Plan plan;
    std::string path = "energy/{device}";
    std::uint32_t under_way_max = 200;
    double seconds = 3600;
    std::string acknowledged;
};

void describe(CLI::App& app, Options& options) {
    auto& [way, plan, path, under_way_max, seconds, acknowledged] = options;
    plan.devices = 200;
    plan.readings_max = 100'000;
    app.add_option("--port", way.port, "on 127.0.0.1")->capture_default_str();
    app.add_option("--path", path, "{device} is the meter's name")->capture_default_str();
    app.add_option("--devices", plan.devices)->capture_default_str();
    app.add_option("--under-way", under_way_max, "requests of all devices together")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--count", plan.readings_max, "readings in all")->capture_default_str();
    app.add_option("--first", plan.first_number, "number of each device's first reading")
        ->capture_default_str();
    app.add_option("--rate", plan.rate, "readings a second in all; 0: as fast as answered")
        ->capture_default_str();
    app.add_option("--seconds", seconds, "stop then")->capture_default_str();
    app.add_option("--acknowledged", acknowledged, "file for the numbers that were acknowledged");
}

bool set_path(Options& options) {
    constexpr std::string_view kDevice = "{device}";
    const auto place = options.path.find(kDevice);
    if (place == std::string::npos) return false;
    options.way.path_before = options.path.substr(0, place);
    options.way.path_after = options.path.substr(place + kDevice.size());
    return true;
}

int play(const Options& options) {
    bench::Fleet fleet(options.plan);
    bench::CoapLoad load(options.way, fleet, options.under_way_max);
    const bench::Stopwatch watch;
    load.run(std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9)));
    const bench::Outcome outcome{
        "coap_load",
        watch.elapsed_s(),
        watch.cpu_s(),
        {{"devices", options.plan.devices},
         {"refused", load.counts().refused},
         {"retransmitted", load.counts().retransmitted},
         {"given_up", load.counts().given_up}}};
    if (!options.acknowledged.empty()) fleet.write_acknowledged(options.acknowledged);
    bench::print(outcome, fleet);
    return fleet.acknowledged() == fleet.offered() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Plays meters that post over CoAP");
    Options options;
    describe(app, options);
    CLI11_PARSE(app, argc, argv);
    if (!set_path(options)) {
        std::fprintf(stderr, "--path needs a {device}\n");
        return 2;
    }
    bench::stop_on_signals();
    try {
        return play(options);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "coap_load: %s\n", failure.what());
        return 2;
    }
}
