// A node that measures: so many readings as fast as its queue takes them, then its heartbeat. With
// UPDATES it takes firmwares and settings as well; with an interval set it measures once in that.
#include "board.h"
#include "passerelle_device.h"
#ifdef UPDATES
#include "updates.h"
#endif

#ifndef READINGS
#define READINGS 10000u
#endif
#define WAITING_MAX 32u    // messages: a sample drops nothing, it measures when there is room
#define ADDRESS 0u         // a line of its own
#define STOPPING_MS 1500u  // a restart that is put off is asked for again every second
#ifndef FIRMWARE
#define FIRMWARE 1u
#endif

static uint8_t memory[8192];
static struct pd_ram_queue queue;
static struct pd_link link;

static size_t write_uart(void* context, const uint8_t* bytes, size_t count) {
    (void)context;
    return board_write(bytes, count);
}

static uint32_t now_ms(void* context) {
    (void)context;
    return board_now_ms();
}

static uint32_t random_bits(void* context) {
    (void)context;
    return board_random();
}

// Counted by the reading's number, so that a receiver can tell what is missing.
static void measure(uint32_t number) {
    const struct pd_reading reading = {
        "water.volume", "L", NULL, PD_DECIMAL, {.decimal = {(int64_t)number, 0}}};
    (void)pd_readings_add(&link, &reading, 1, 0);
}

#ifdef UPDATES
static bool stopping;
static uint32_t stopping_since;

// The queue is in memory: what waits in it goes out before, unless the firmware has failed its
// trial.
static void restart(void* context, bool must) {
    (void)context;
    stopping = true;
    stopping_since = board_now_ms();
    if (must || pd_waiting(&link) == 0) board_restart();
}

// Until it is asked no longer: the update may be withdrawn.
static bool is_stopping(void) {
    if (board_now_ms() - stopping_since >= STOPPING_MS) stopping = false;
    return stopping;
}

static bool is_time(void) {
    static uint32_t measured_at;
    const uint32_t interval_ms = updates_reporting_interval_s() * 1000u;
    if (is_stopping() || board_now_ms() - measured_at < interval_ms) return false;
    measured_at = board_now_ms();
    return true;
}
#else
static bool is_time(void) {
    return true;
}
#endif

int main(void) {
    struct pd_config config = {
        "sample-1",
        "Passerelle",
        BOARD_NAME,
        FIRMWARE,
        ADDRESS,
        {NULL, write_uart, now_ms, random_bits, NULL},
        &queue.queue,
        NULL};
    uint32_t measured = 0;
    board_init();
#ifdef FAULTS
    __builtin_trap();
#endif
#ifdef UPDATES
    config.update = updates_open(restart);
#endif
    if (pd_ram_queue_init(&queue, memory, sizeof memory) != PD_OK) return 1;
    if (pd_init(&link, &config) != PD_OK) return 1;
    for (;;) {
        uint8_t received[32];
        pd_input(&link, received, board_read(received, sizeof received));
        const bool measures = measured < READINGS && pd_waiting(&link) < WAITING_MAX && is_time();
        if (measures) measure(++measured);
        pd_poll(&link);
        if (!measures && pd_waiting(&link) == 0) board_wait();
    }
}
