#pragma once
#include "gateway/model/time.hpp"
#include "gateway/observe/histogram.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::forward {

// What the operator sees of a way out.
struct UplinkState {
    enum class Trouble {
        none,
        unreachable,   // the last batch was not taken; it is sent again
        unauthorised,  // the recipient refuses the gateway's credentials, or they cannot be read
        rejecting,     // the recipient refuses one reading after another
        keyless,       // the key of the recipient's names cannot be read or made
    };

    bool connected = false;  // the recipient answered the last batch
    std::string detail;      // its last answer, or why there was none; no secrets
    Trouble trouble = Trouble::none;
    bool is_clock_suspect = false;                 // as Delivery's, of the last sending
    std::optional<model::Instant> troubled_since;  // a stamp
    std::optional<model::Instant> paused_until;    // nothing is sent before
    std::optional<model::Instant> last_confirmed;  // a stamp
    std::uint64_t batches = 0;                     // confirmed in this run
    std::uint64_t retries = 0;                     // batches sent once more, in this run
    std::uint64_t bytes_sent = 0;
    std::uint64_t fields_withheld = 0;   // of confirmed readings: their contract's rule did not fit
    std::uint64_t erasures_refused = 0;  // in this run: the recipient will not be told again
    // In this run: readings of a confirmed batch; seconds from a sending to its answer, or to when
    // none was waited for any more.
    observe::Histogram batch_readings{observe::kReadingsAtOnce};
    observe::Histogram sending_seconds{observe::kLinkSeconds};
    std::uint32_t consecutive_failures = 0;  // sendings since the last answer
};

}  // namespace gateway::forward
