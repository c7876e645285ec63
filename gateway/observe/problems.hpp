#pragma once
#include "gateway/observe/log.hpp"
#include "gateway/observe/report.hpp"
#include "gateway/runtime/clock.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::observe {

// What is wrong now. Whoever watches something raises its problem and clears it again; both are
// logged once. Belongs to the reactor. The log and the clock outlive it.
class Problems {
  public:
    static constexpr std::size_t kProblemsMax = 256;  // what is raised past it is logged only

    Problems(Log& log, const runtime::WallClock& clock) : log_(log), clock_(clock) {}

    // `code` is stable; the problem of one of several things ends with its name,
    // "uplink-unreachable:city". Raising it again keeps its `since`. `failing`: readings cannot be
    // stored.
    void raise(std::string_view code, std::string_view text, bool failing);

    // Nothing happens when there is no such problem.
    void clear(std::string_view code);

    // The failing ones first, then the oldest.
    std::vector<Problem> list() const;

  private:
    Log& log_;
    const runtime::WallClock& clock_;
    std::map<std::string, Problem, std::less<>> problems_;
};

}  // namespace gateway::observe
