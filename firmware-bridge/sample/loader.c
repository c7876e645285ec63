// The boot loader of the sample: copies the image of the slot that pd_boot_choose names to where it
// is linked for, and starts it. The board's RAM is large enough for that; where it is not, each
// slot has an image linked for it, or the chip shows either at the same address.
#include "board.h"
#include "slots.h"

#include <string.h>

#define SYSTICK_CONTROL (*(volatile uint32_t*)0xe000e010u)
#define INTERRUPTS_DISABLED (*(volatile uint32_t*)0xe000e180u)
#define VECTORS (*(volatile uint32_t*)0xe000ed08u)

int main(void) {
    const uint32_t slot = pd_boot_choose(&sample_slots);
    const uint32_t* const image = (const uint32_t*)RUNS_AT;
    memcpy((void*)RUNS_AT, (const void*)(SLOTS_ADDRESS + slot * SLOT_BYTES), SLOT_BYTES);
    STARTED_SLOT = slot;
    SYSTICK_CONTROL = 0;
    INTERRUPTS_DISABLED = ~0u;
    VECTORS = RUNS_AT;
    __asm volatile("msr msp, %0\n bx %1" : : "r"(image[0]), "r"(image[1]) : "memory");
    return 0;
}
