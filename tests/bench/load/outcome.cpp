#include "tests/bench/load/outcome.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace bench {
namespace {

// A handler reaches nothing else.
volatile std::sig_atomic_t asked_to_stop = 0;

void on_signal(int) {
    asked_to_stop = 1;
}

}  // namespace

bool is_asked_to_stop() {
    return asked_to_stop != 0;
}

void stop_on_signals() {
    std::signal(SIGTERM, on_signal);
    std::signal(SIGINT, on_signal);
}

void print(const Outcome& outcome, const Fleet& fleet) {
    const auto& latencies = fleet.latencies();
    const double done = static_cast<double>(
        latencies.count() > 0 ? fleet.acknowledged()
                              : fleet.offered()  // QoS 0 has no acknowledgement
    );
    std::printf(
        R"({"program":"%s","offered":%llu,"acknowledged":%llu,"seconds":%.3f,"rate":%.0f,"cpu_s":%.3f)",
        outcome.program,
        static_cast<unsigned long long>(fleet.offered()),
        static_cast<unsigned long long>(fleet.acknowledged()),
        outcome.seconds,
        outcome.seconds > 0 ? done / outcome.seconds : 0.0,
        outcome.cpu_s
    );
    for (const auto& [name, count] : outcome.more)
        std::printf(R"(,"%s":%llu)", name, static_cast<unsigned long long>(count));
    std::printf(
        R"(,"ack_ms":{"p50":%.3f,"p90":%.3f,"p99":%.3f,"p999":%.3f,"max":%.3f}})"
        "\n",
        latencies.ms(0.5),
        latencies.ms(0.9),
        latencies.ms(0.99),
        latencies.ms(0.999),
        latencies.ms_max()
    );
}

}  // namespace bench
