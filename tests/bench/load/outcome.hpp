#pragma once
#include "tests/bench/load/fleet.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Set by SIGTERM and SIGINT once stop_on_signals() was called: end in order, and say what happened.
bool is_asked_to_stop();
void stop_on_signals();

// What a load prints: one JSON line of what all loads count, and the figures of its own.
struct Outcome {
    const char* program = "";
    double seconds = 0;
    double cpu_s = 0;
    std::vector<std::pair<const char*, std::uint64_t>> more;
};
void print(const Outcome& outcome, const Fleet& fleet);

}  // namespace bench
