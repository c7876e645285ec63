#pragma once
#include "gateway/observe/report.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gateway::rollout {

// What worked before a trial and does not under it.
struct Finding {
    enum class Kind : std::uint8_t {
        uplink_silent,    // confirmed readings before, has some to send, has confirmed none since
        uplink_refusing,  // refuses readings for good and confirms none
        nothing_stored,   // readings were stored before, none is since
        source_away,      // was able to receive before
    } kind = Kind::uplink_silent;
    std::string name;  // of the uplink or the source

    bool operator==(const Finding&) const = default;
};

// A sentence in the operator's language.
std::string words_of(const Finding& finding);
std::string words_of(const std::vector<Finding>& findings);

// Judges a trial by what the gateway reports, against what it reported before. What the trial's
// configuration no longer has is not asked for.
class Health {
  public:
    // `before` is of the configuration in force. What confirmed or was received within `period`
    // before it was made is expected to go on.
    Health(const observe::Report& before, std::chrono::seconds period);

    // From here on; called once, when the trial's configuration runs.
    void begin(const observe::Report& report);

    // In the order of the report. Empty: everything is as well as it was.
    std::vector<Finding> findings(const observe::Report& now) const;

  private:
    struct Uplink {
        std::uint64_t delivered = 0, dead = 0;  // when the trial began
    };

    bool was_storing_ = false;
    std::uint64_t stored_ = 0;               // when the trial began
    std::map<std::string, Uplink> uplinks_;  // that confirmed
    std::vector<std::string> sources_;       // that were able to receive
};

}  // namespace gateway::rollout
