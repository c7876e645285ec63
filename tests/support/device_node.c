/* The device library as a program: a node whose UART is a socket.
 *
 *   device_node [-n NAME] [-a ADDRESS] [-q FILE] [-r READINGS] SOCKET
 *
 * It measures so many readings, each the number of its message, and keeps them in memory, or in a
 * FILE that stands for flash: then it goes on after it was killed. It ends with its socket. */
#include "firmware-bridge/device/passerelle_device.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define WAITING_MAX 32u
#define PAGES 8u
#define PAGE_BYTES 4096u
#define UNIT_BYTES 8u
#define WAIT_MS 5

static int line = -1;

static void fail(const char* what) {
    perror(what);
    exit(74);
}

static size_t write_line(void* context, const uint8_t* bytes, size_t count) {
    const ssize_t taken = send(line, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)context;
    return taken > 0 ? (size_t)taken : 0;
}

static uint32_t now_ms(void* context) {
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u);
}

static uint32_t random_bits(void* context) {
    uint32_t bits = 0;
    (void)context;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) fail("getrandom");
    return bits;
}

static bool read_file(void* context, uint32_t address, uint8_t* bytes, uint32_t count) {
    return pread(*(const int*)context, bytes, count, (off_t)address) == (ssize_t)count;
}

static bool program_file(void* context, uint32_t address, const uint8_t* bytes, uint32_t count) {
    return pwrite(*(const int*)context, bytes, count, (off_t)address) == (ssize_t)count;
}

static bool erase_file(void* context, uint32_t page) {
    uint8_t erased[PAGE_BYTES];
    memset(erased, 0xff, sizeof erased);
    return program_file(context, page * PAGE_BYTES, erased, PAGE_BYTES);
}

static struct pd_queue* open_queue(const char* file) {
    static uint8_t memory[8192];
    static struct pd_ram_queue ring;
    static struct pd_flash_queue log;
    static int descriptor;
    static const struct pd_flash flash = {
        &descriptor, PAGES, PAGE_BYTES, UNIT_BYTES, read_file, program_file, erase_file};
    if (file == NULL) {
        if (pd_ram_queue_init(&ring, memory, sizeof memory) != PD_OK) fail("queue");
        return &ring.queue;
    }
    descriptor = open(file, O_RDWR | O_CREAT, 0600);
    if (descriptor < 0 || ftruncate(descriptor, PAGES * PAGE_BYTES) != 0) fail(file);
    if (pd_flash_queue_open(&log, &flash) != PD_OK) fail("flash");
    return &log.queue;
}

static void connect_line(const char* path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) fail(path);
    strcpy(address.sun_path, path);
    line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line < 0 || connect(line, (const struct sockaddr*)&address, sizeof address) != 0) {
        fail(path);
    }
}

static void measure(struct pd_link* link, uint32_t readings) {
    const struct pd_queue* const queue = link->config.queue;
    while (queue->next <= readings && pd_waiting(link) < WAITING_MAX) {
        const struct pd_reading reading = {
            "water.volume", "L", NULL, PD_DECIMAL, {.decimal = {queue->next, 0}}};
        if (pd_readings_add(link, &reading, 1, 0) != PD_OK) fail("pd_readings_add");
    }
}

static void run(struct pd_link* link, uint32_t readings) {
    for (;;) {
        struct pollfd ready = {line, POLLIN, 0};
        uint8_t received[256];
        if (poll(&ready, 1, WAIT_MS) > 0) {
            const ssize_t count = recv(line, received, sizeof received, 0);
            if (count <= 0) return;
            pd_input(link, received, (size_t)count);
        }
        measure(link, readings);
        pd_poll(link);
    }
}

int main(int argc, char** argv) {
    static struct pd_link link;
    struct pd_config config = {
        "node-1",
        "Passerelle",
        "program",
        1,
        0,
        {NULL, write_line, now_ms, random_bits, NULL},
        NULL,
        NULL};
    const char* file = NULL;
    uint32_t readings = 10000;
    for (int option; (option = getopt(argc, argv, "n:a:q:r:")) != -1;) {
        if (option == 'n') config.node = optarg;
        if (option == 'a') config.address = (uint8_t)atoi(optarg);
        if (option == 'q') file = optarg;
        if (option == 'r') readings = (uint32_t)atoi(optarg);
        if (option == '?') return 64;
    }
    if (optind + 1 != argc) return 64;
    config.queue = open_queue(file);
    connect_line(argv[optind]);
    if (pd_init(&link, &config) != PD_OK) fail("pd_init");
    run(&link, readings);
    return 0;
}
