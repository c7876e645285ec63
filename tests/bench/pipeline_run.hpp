#pragma once
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// Frames of the 120-byte message, made before the clock starts, and who pushes them.
struct PipelineLoad {
    std::string directory;
    std::size_t frames = 1'000'000;
    std::size_t producers = 2'000;
    std::uint32_t meters = 1'000;
    std::vector<std::string> payloads;

    void make_payloads();
};

struct PipelineFigures {
    double readings_per_s = 0;
    double cpu_us_per_reading = 0;
};

// A source that takes the energy of each message, its device under a pseudonym, into `database`
// below the load's directory.
gateway::settings::Settings meter_settings(const PipelineLoad& load, const std::string& database);

// The inside of a gateway of these settings, from a frame to its receipt: every producer pushes a
// frame and waits for its commit with synchronous=FULL before the next. Ends the process if the
// store fails.
PipelineFigures run_pipeline(const PipelineLoad& load, const gateway::settings::Settings& settings);

}  // namespace bench
