#include "gateway/observe/report.hpp"

#include <algorithm>

namespace gateway::observe {

std::string_view Report::state() const {
    if (problems.empty()) return "ok";
    const bool failing = std::any_of(problems.begin(), problems.end(), [](const Problem& problem) {
        return problem.failing;
    });
    return failing ? "failing" : "degraded";
}

}  // namespace gateway::observe
