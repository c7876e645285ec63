#pragma once
#include "gateway/cli/flow.hpp"
#include "gateway/model/time.hpp"
#include "gateway/observe/report.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace gateway::cli {

// That nobody answers any more.
struct Absence {
    model::Instant since{};  // by this machine's clock
    std::int64_t for_s = 0;
    std::string reasons;  // a line each
};

// What a technician watches, `width` columns wide but for long names: in words whether the gateway
// works and what is wrong, then how much flows, the buffer, each uplink, each source. Nothing of a
// report that never came.
std::string watch_text(
    const std::optional<observe::Report>& report,
    const std::optional<FlowRates>& rates,
    const std::optional<Absence>& absence,
    std::size_t width
);

}  // namespace gateway::cli
