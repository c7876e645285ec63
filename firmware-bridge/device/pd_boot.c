// Which slot is started. For the boot loader: no code of the link comes with it.
#include "passerelle/v1/node.pb.h"
#include "pd_boot_state.h"
#include "pd_image.h"

uint8_t pd_boot_choose(const struct pd_slots* slots) {
    struct pd_boot_log log;
    struct pd_boot_state state;
    pd_boot_open(&log, slots->record, &state);
    const uint8_t running = state.running, other = 1u - running;
    if (state.stage == PD_PENDING || state.stage == PD_TRIAL) {
        const bool again = state.starts < PD_STARTS_MAX;
        if (again && pd_image_is_in(slots, other, &state.update)) {
            ++state.starts;
            state.stage = PD_TRIAL;
            // A start that could not be counted might be repeated for ever. The former image is
            // the only other one: what was known of the slot went when this one began to come.
            if (pd_boot_write(&log, &state)) return other;
            return running;
        }
        state.stage = again ? PD_FAILED : PD_ROLLED_BACK;
        state.cause = passerelle_v1_NodeUpdateState_Cause_DIGEST;
        (void)pd_boot_write(&log, &state);  // without it the same is found at the next start
    }
    const bool spoilt = state.confirmed[running].sequence != 0 &&
                        !pd_image_is_in(slots, running, &state.confirmed[running]);
    return spoilt && pd_image_is_in(slots, other, &state.confirmed[other]) ? other : running;
}
