// What runs before main on a Cortex-M3, the time, and what has been received. No vendor's code.
#include "board.h"

#define RECEIVED_BYTES_MAX 512u
#include <stdint.h>

#define SYSTICK ((volatile uint32_t*)0xe000e010u)
#define INTERRUPTS_ENABLED (*(volatile uint32_t*)0xe000e100u)
#define RESET_CONTROL (*(volatile uint32_t*)0xe000ed0cu)

// Of sections.ld.
extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[];
extern uint32_t stack_low[], stack_top[];

int main(void);
void reset(void);

static volatile uint32_t milliseconds;
static uint32_t noise;

static void tick(void) {
    ++milliseconds;
}

void board_restart(void) {
    RESET_CONTROL = 0x05fa0004u;
    for (;;) __asm volatile("wfi");
}

// A fault. A firmware on trial that comes to one gives its place back to the former.
static void halt(void) {
#ifdef UPDATES
    board_restart();
#endif
    for (;;) __asm volatile("wfi");
}

// What memory holds before anything wrote to it: on a real chip it is random in part. A firmware
// that has a generator of random numbers asks that instead.
static uint32_t hash_of_memory(void) {
    uint32_t hash = 2166136261u;
    for (const uint32_t* word = bss_end; word < stack_low; ++word) {
        hash = (hash ^ *word) * 16777619u;
    }
    return hash;
}

void reset(void) {
    const uint32_t found = hash_of_memory();
    const uint32_t* from = data_load;
    for (uint32_t* to = data_start; to < data_end;) *to++ = *from++;
    for (uint32_t* to = bss_start; to < bss_end;) *to++ = 0;
    noise = found;
    *bss_end = found;  // a start without a loss of power finds something else
    SYSTICK[1] = BOARD_CLOCK_HZ / 1000u - 1u;
    SYSTICK[2] = 0;
    SYSTICK[0] = 7;  // the processor's clock, with an interrupt, on
    INTERRUPTS_ENABLED = 1u << BOARD_UART_INTERRUPT;
    (void)main();
    halt();
}

uint32_t board_now_ms(void) {
    return milliseconds;
}

// Between the interrupt, which alone moves `end`, and the main loop, which alone moves `start`.
static struct {
    volatile uint32_t start, end;
    uint8_t bytes[RECEIVED_BYTES_MAX];
} received;

void board_received(uint8_t byte) {
    const uint32_t end = received.end;
    if (end - received.start == RECEIVED_BYTES_MAX) return;  // the frame will not check
    received.bytes[end % RECEIVED_BYTES_MAX] = byte;
    received.end = end + 1;
}

size_t board_read(uint8_t* bytes, size_t count_max) {
    size_t count = 0;
    while (count < count_max && received.start != received.end) {
        bytes[count++] = received.bytes[received.start % RECEIVED_BYTES_MAX];
        ++received.start;
    }
    return count;
}

uint32_t board_random(void) {
    noise = noise * 1664525u + 1013904223u + SYSTICK[2];
    return noise;
}

void board_wait(void) {
    __asm volatile("wfi");
}

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t* stack;
    void (*handlers[15 + BOARD_INTERRUPTS_MAX])(void);
} vectors = {
    stack_top,
    {reset,
     halt,
     halt,
     halt,
     halt,
     halt,
     0,
     0,
     0,
     0,
     halt,
     halt,
     0,
     halt,
     tick,
     [15 + BOARD_UART_INTERRUPT] = board_receive}};
