// Plays many meters that publish over MQTT 3.1.1 to 127.0.0.1, and says in one JSON line how fast
// they were acknowledged, how long each waited, and what the playing itself cost. One thread. Exit
// status 0 if every reading was acknowledged (for QoS 0: was read by the other side).
//   mqtt_load --port 1883 --connections 100 --in-flight 50 --count 1000000
//   mqtt_load --resume --rate 20000 --seconds 30 --acknowledged taken.txt   (kill the gateway now)
#include "tests/bench/load/mqtt_load.hpp"

#include "tests/bench/load/outcome.hpp"
#include "tests/bench/stopwatch.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

namespace {

struct Options {
    bench::MqttWay way;
    bench::Fleet::Plan plan;
    std::uint32_t connections = 100;
    std::string topic = "energy/{device}";
    double seconds = 3600;
    std::string acknowledged;
};

void describe(CLI::App& app, Options& options) {
    constexpr int kSlotsMax = 65'535;  // packet identifiers
    auto& [way, plan, connections, topic, seconds, acknowledged] = options;
    plan.readings_max = 100'000;
    app.add_option("--port", way.port, "on 127.0.0.1")->capture_default_str();
    app.add_option("--connections", connections)->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--in-flight", way.in_flight_max, "unacknowledged readings of a connection")
        ->check(CLI::Range(1, kSlotsMax))
        ->capture_default_str();
    app.add_option("--qos", way.qos)->check(CLI::Range(0, 2))->capture_default_str();
    app.add_option("--topic", topic, "{device} is the meter's name")->capture_default_str();
    app.add_option("--client-id", way.client_id, "the connection's number follows")
        ->capture_default_str();
    app.add_flag("--resume", way.resumes, "connect again, and send again what is unacknowledged");
    app.add_option("--devices", plan.devices, "spread over the connections")->capture_default_str();
    app.add_option("--count", plan.readings_max, "readings in all")->capture_default_str();
    app.add_option("--first", plan.first_number, "number of each device's first reading")
        ->capture_default_str();
    app.add_option("--rate", plan.rate, "readings a second in all; 0: as fast as acknowledged")
        ->capture_default_str();
    app.add_flag("--live", plan.is_live, "readings are of the moment they are sent; with --rate");
    app.add_option("--seconds", seconds, "stop then")->capture_default_str();
    app.add_option("--acknowledged", acknowledged, "file for the numbers that were acknowledged");
}

bool set_topic(Options& options) {
    constexpr std::string_view kDevice = "{device}";
    const auto place = options.topic.find(kDevice);
    if (place == std::string::npos) return false;
    options.way.topic_before = options.topic.substr(0, place);
    options.way.topic_after = options.topic.substr(place + kDevice.size());
    return true;
}

int play(const Options& options) {
    bench::Fleet fleet(options.plan);
    bench::MqttLoad load(options.way, fleet, options.connections);
    if (!load.connect()) {
        std::fprintf(stderr, "not every connection could be had\n");
        return 1;
    }
    const bench::Stopwatch watch;
    load.run(std::chrono::nanoseconds(static_cast<std::int64_t>(options.seconds * 1e9)));
    bench::Outcome outcome{"mqtt_load", watch.elapsed_s(), watch.cpu_s(), {}};
    load.close();
    outcome.more = {
        {"connections", options.connections},
        {"resent", load.counts().resent},
        {"cut", load.counts().cut},
        {"behind_max", load.behind_max()}};
    if (!options.acknowledged.empty()) fleet.write_acknowledged(options.acknowledged);
    bench::print(outcome, fleet);
    const bool is_taken = options.way.qos == 0 || fleet.acknowledged() == fleet.offered();
    return is_taken && (load.counts().cut == 0 || options.way.resumes) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Plays meters that publish over MQTT");
    Options options;
    describe(app, options);
    CLI11_PARSE(app, argc, argv);
    if (!set_topic(options)) {
        std::fprintf(stderr, "--topic needs a {device}\n");
        return 2;
    }
    if (options.plan.devices < options.connections) options.plan.devices = options.connections;
    bench::stop_on_signals();
    try {
        return play(options);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "mqtt_load: %s\n", failure.what());
        return 2;
    }
}
