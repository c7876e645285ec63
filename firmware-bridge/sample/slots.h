// Where the sample's firmwares lie on the MPS2 board: its PSRAM stands for flash. QEMU keeps it in
// a file, so that it is there after a start as after a loss of power.
#ifndef SLOTS_H
#define SLOTS_H

#include "passerelle_device.h"

#define SLOTS_ADDRESS 0x21000000u  // of slot 0; slot 1 and the record follow
#define SLOT_BYTES 0x40000u
#define RUNS_AT 0x00100000u  // the loader copies an image there: mps2-an385-updates.ld

// The loader's word to the firmware: the slot that it has started.
#define STARTED_SLOT (*(volatile uint32_t*)0x21100000u)

extern const struct pd_slots sample_slots;

#endif
