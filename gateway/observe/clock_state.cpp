#include "gateway/observe/clock_state.hpp"

#include <sys/timex.h>
#include <unistd.h>

namespace gateway::observe {

bool clock_is_synchronised() {
    timex query{};  // modes = 0: reads only, needs no privilege
    const int state = adjtimex(&query);
    if (state >= 0) return state != TIME_ERROR && (query.status & STA_UNSYNC) == 0;
    return access("/run/systemd/timesync/synchronized", F_OK) == 0;
}

}  // namespace gateway::observe
