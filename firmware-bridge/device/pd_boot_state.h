// What the boot loader and the firmware know of updates, kept in pages of flash as a log: the last
// whole entry counts, so that a loss of power leaves the former state or the new one.
//
// Pages, heads and entries are those of pd_flash_page.h, with PD_BOOT_MARK for the incarnation and
// entries of PD_MESSAGE, whose number says how many bytes of the image are there. The content of
// one is a state, or empty: then only that number has changed.
//
// | state: offset | bytes | |
// |---|---|---|
// | 0 | 1 | 1 |
// | 1 | 1 | slot whose firmware is confirmed |
// | 2 | 1 | stage |
// | 3 | 1 | starts of the firmware on trial |
// | 4 | 1 | cause of a failure |
// | 5 | 3 | 0 |
// | 8 | 4 | highest sequence that was confirmed |
// | 12 | 4 | sequence of the settings |
// | 16 | 4 | reporting interval in seconds |
// | 20 | 8 | when the update expires, Unix time in seconds |
// | 28 | 40 | image of the update: sequence, size, digest |
// | 68 | 80 | image of slot 0, of slot 1 |
#ifndef PD_BOOT_STATE_H
#define PD_BOOT_STATE_H

#include "passerelle_device.h"

#define PD_BOOT_MARK 0x544f4f42u

enum pd_stage {
    PD_IDLE = 0,
    PD_FETCHING,     // `have` bytes of it are in the other slot
    PD_PENDING,      // all of it is, and was verified: the next start is its first
    PD_TRIAL,        // it was started
    PD_ROLLED_BACK,  // it was started often enough; not told yet
    PD_FAILED        // the boot loader or its first start found `cause`; not told yet
};

// Finds the state, or that of a device which has never been updated: slot 0, and nothing else.
void pd_boot_open(
    struct pd_boot_log* log, const struct pd_flash* flash, struct pd_boot_state* state
);

// Returns whether the state is there from now on.
bool pd_boot_write(struct pd_boot_log* log, const struct pd_boot_state* state);

// The same where nothing but `have` has changed.
bool pd_boot_write_have(struct pd_boot_log* log, const struct pd_boot_state* state);

#endif
