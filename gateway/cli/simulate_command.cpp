#include "gateway/cli/simulate_command.hpp"

#include "gateway/cli/sent_words.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <ostream>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;

constexpr int kDevicesMax = 100'000;
constexpr double kRateMin = 0.001;
constexpr double kRateMax = 100'000;
constexpr int kSecondsMax = 30 * 86'400;
constexpr std::uint16_t kCoapPort = 5683;
constexpr std::chrono::seconds kProgressInterval{10};
constexpr std::chrono::seconds kDrainMax{30};

struct Options {
    std::string mqtt;
    std::string coap;
    std::string topic = "water/{device}/reading";
    std::string path = "air/{device}";
    int devices = 10;
    double rate = 10;
    int seconds = 60;
    std::uint64_t seed = 1;
};

// Where the options point; nothing if that is nowhere or to two places, or a URL is not one.
std::optional<FleetOptions> fleet_options(const Options& options) {
    FleetOptions fleet;
    fleet.devices = options.devices;
    fleet.seed = options.seed;
    const bool to_broker = !options.mqtt.empty();
    if (to_broker != options.coap.empty()) return std::nullopt;
    const auto url = settings::parse_url(to_broker ? options.mqtt : options.coap);
    if (!url || url->scheme != (to_broker ? "mqtt" : "coap")) return std::nullopt;
    fleet.pattern = to_broker ? options.topic : options.path;
    if (to_broker) {
        fleet.mqtt_url = options.mqtt;
    } else {
        fleet.coap_host = url->host;
        fleet.coap_port = url->port.value_or(kCoapPort);
    }
    return fleet;
}

// Sends at an even pace, the devices in turn.
void send_all(DeviceFleet& fleet, const Options& options, std::ostream& out) {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    const auto total = static_cast<std::uint64_t>(options.rate * options.seconds);
    microseconds next_progress = kProgressInterval;
    for (std::uint64_t i = 0; i < total; ++i) {
        const std::chrono::duration<double> due{static_cast<double>(i) / options.rate};
        const auto at = duration_cast<microseconds>(due);
        fleet.wait_until(at);
        if (at >= next_progress) {
            out << sent_words(fleet.counts()) << std::endl;
            next_progress += kProgressInterval;
        }
        fleet.send(static_cast<int>(i % static_cast<std::uint64_t>(options.devices)));
    }
}

int simulate(const Options& options, const MakeFleet& make_fleet, CommandContext& context) {
    const auto target = fleet_options(options);
    if (!target) {
        context.err << tr("Say where to: --mqtt mqtt://host:port or --coap coap://address:port.")
                    << '\n';
        return kExitUsage;
    }
    const auto fleet = make_fleet(*target);
    if (const std::string failure = fleet->connect(); !failure.empty()) {
        context.err << tr("The target does not answer: {0}", {failure}) << '\n';
        return kExitUnavailable;
    }
    send_all(*fleet, options, context.out);
    const bool drained = fleet->drain(kDrainMax);
    const FleetCounts counts = fleet->counts();
    context.out << sent_words(counts) << '\n';
    return drained && counts.acknowledged == counts.sent ? kExitOk : kExitUnacknowledged;
}

void add_options(CLI::App& command, Options& options) {
    command.add_option("--mqtt", options.mqtt, tr("To a broker: mqtt://127.0.0.1:1883"))
        ->type_name("URL");
    command.add_option("--coap", options.coap, tr("To a CoAP server: coap://127.0.0.1:5683"))
        ->type_name("URL");
    command.add_option("--devices", options.devices, tr("How many devices [10]"))
        ->type_name("N")
        ->check(CLI::Range(1, kDevicesMax).description(""));
    command.add_option("--rate", options.rate, tr("Messages a second, of all together [10]"))
        ->type_name("N")
        ->check(CLI::Range(kRateMin, kRateMax).description(""));
    command.add_option("--seconds", options.seconds, tr("For how long [60]"))
        ->type_name("N")
        ->check(CLI::Range(1, kSecondsMax).description(""));
    command.add_option("--seed", options.seed, tr("The same seed, the same devices [1]"))
        ->type_name("N");
    command.add_option("--topic", options.topic, tr("MQTT topic [water/{device}/reading]"))
        ->type_name("T");
    command.add_option("--path", options.path, tr("CoAP path [air/{device}]"))->type_name("P");
}

ManualText manual() {
    return {
        .description = {tr("Sends readings of virtual meters to a broker or to a gateway, at a "
                           "steady rate, and counts what is acknowledged. {device} in a topic or a "
                           "path stands for the name of the meter.")},
        .exits =
            {{kExitUnacknowledged, tr("Some messages were not acknowledged.")},
             {kExitUnavailable, tr("No gateway answers.")}},
        .examples =
            {{"passerelle simulate --mqtt mqtt://127.0.0.1:1883 --rate 100",
              tr("Tries a gateway that listens on this machine:")}},
        .see_also = {"decode", "status"}};
}

}  // namespace

void add_simulate_command(CLI::App& app, CommandContext& context, MakeFleet make_fleet) {
    CLI::App* command = app.add_subcommand("simulate", tr("Lets virtual devices send readings"));
    context.manual[command] = manual;
    const auto options = std::make_shared<Options>();
    add_options(*command, *options);
    command->callback([options, make_fleet = std::move(make_fleet), &context] {
        context.exit_status = simulate(*options, make_fleet, context);
    });
}

}  // namespace gateway::cli
