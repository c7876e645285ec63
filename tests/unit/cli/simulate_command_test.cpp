#include "gateway/cli/simulate_command.hpp"

#include "gateway/cli/command_line.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <sstream>
#include <vector>

using namespace gateway::cli;

namespace {

// What the command asked of its fleet, and how the fleet behaves.
struct Record {
    FleetOptions options;
    std::string failure;
    std::uint64_t lost = 0;  // messages that are never acknowledged
    std::map<int, int> sent;
    std::chrono::microseconds last{0};
    bool is_in_order = true;
    int fleets = 0;
};

// A fleet without network and clock.
class RecordingFleet final : public DeviceFleet {
  public:
    explicit RecordingFleet(Record& record) : record_(record) { ++record_.fleets; }

    std::string connect() override { return record_.failure; }
    void send(int device) override {
        ++record_.sent[device];
        ++count_;
    }
    void wait_until(std::chrono::microseconds since_connect) override {
        record_.is_in_order = record_.is_in_order && since_connect >= record_.last;
        record_.last = since_connect;
    }
    bool drain(std::chrono::milliseconds) override { return record_.lost == 0; }
    FleetCounts counts() const override {
        return {.sent = count_, .acknowledged = count_ - record_.lost, .refused = 0, .failed = 0};
    }

  private:
    Record& record_;
    std::uint64_t count_ = 0;
};

struct Outcome {
    int status;
    std::string out;
    std::string err;
};

Outcome simulate(Record& record, std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), {"passerelle", "--lang", "en", "simulate"});
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    CommandContext context{in, out, err, {}, 0};
    CommandLine line{static_cast<int>(arguments.size()), arguments.data(), context};
    add_simulate_command(line.app(), context, [&record](const FleetOptions& options) {
        record.options = options;
        return std::make_unique<RecordingFleet>(record);
    });
    const int status = line.run();
    return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("devices send in turn at an even pace", "[cli]") {
    Record record;
    const auto outcome = simulate(
        record,
        {"--mqtt", "mqtt://127.0.0.1:1883", "--devices", "3", "--rate", "4", "--seconds", "3"}
    );
    CHECK(outcome.status == 0);
    CHECK(record.sent == std::map<int, int>{{0, 4}, {1, 4}, {2, 4}});
    CHECK(record.is_in_order);
    CHECK(record.last == std::chrono::milliseconds{2750});
    CHECK(outcome.out == "12 sent, 12 acknowledged, 0 refused, 0 given up\n");
}

TEST_CASE("a long simulation shows its progress", "[cli]") {
    Record record;
    const auto outcome =
        simulate(record, {"--mqtt", "mqtt://127.0.0.1", "--rate", "1", "--seconds", "25"});
    CHECK(outcome.out.find("10 sent, ") == 0);
    CHECK(outcome.out.find("\n20 sent, ") != std::string::npos);
}

TEST_CASE("the target decides about topic or path", "[cli]") {
    Record broker;
    simulate(broker, {"--mqtt", "mqtt://h:1", "--topic", "t/{device}", "--seconds", "1"});
    CHECK(broker.options.mqtt_url == "mqtt://h:1");
    CHECK(broker.options.pattern == "t/{device}");
    Record server;
    simulate(server, {"--coap", "coap://127.0.0.1", "--seed", "7", "--seconds", "1"});
    CHECK(server.options.coap_host == "127.0.0.1");
    CHECK(server.options.coap_port == 5683);
    CHECK(server.options.pattern == "air/{device}");
    CHECK(server.options.seed == 7);
}

TEST_CASE("messages without acknowledgement are a status of their own", "[cli]") {
    Record record;
    record.lost = 2;
    const auto outcome = simulate(record, {"--mqtt", "mqtt://h:1", "--seconds", "1"});
    CHECK(outcome.status == 1);
    CHECK(outcome.out == "10 sent, 8 acknowledged, 0 refused, 0 given up\n");
}

TEST_CASE("a target that does not answer is told and nothing is sent", "[cli]") {
    Record record;
    record.failure = "connection refused";
    const auto outcome = simulate(record, {"--mqtt", "mqtt://h:1"});
    CHECK(outcome.status == 69);
    CHECK(outcome.err.find("connection refused") != std::string::npos);
    CHECK(record.sent.empty());
}

TEST_CASE("wrong targets and numbers are usage errors before any fleet exists", "[cli]") {
    const std::vector<std::vector<const char*>> faulty{
        {},
        {"--mqtt", "mqtt://h:1", "--coap", "coap://h:1"},
        {"--mqtt", "coap://h:1"},
        {"--coap", "nonsense"},
        {"--mqtt", "mqtt://h:1", "--devices", "0"},
        {"--mqtt", "mqtt://h:1", "--rate", "0"},
        {"--mqtt", "mqtt://h:1", "--seconds", "x"}};
    for (const auto& arguments : faulty) {
        Record record;
        CHECK(simulate(record, arguments).status == 64);
        CHECK(record.fleets == 0);
    }
}
