/* The device library as a program: a node whose UART is a socket.
 *
 *   device_node [-n NAME] [-a ADDRESS] [-q FILE] [-r READINGS] [-u FILE -k KEY] SOCKET
 *
 * It measures so many readings, each the number of its message, and keeps them in memory, or in a
 * FILE that stands for flash: then it goes on after it was killed. It ends with its socket.
 *
 * With -u it takes updates and settings that are signed with KEY (64 hexadecimal digits): that FILE
 * has two slots and the record. An image is not run: its first byte is its sequence, and the second
 * says whether it works: where it does not, it dies soon. The program takes the part of the boot
 * loader as well. */
#include "firmware-bridge/device/passerelle_device.h"

#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
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
#define SLOT_PAGES 16u
#define RECORD_PAGES 2u
#define TRIAL_MS 30000u
#define DIES_MS 300u

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

/* Pages of a file. */
struct part {
    int descriptor;
    uint32_t first_page;
};

static off_t place(const struct part* part, uint32_t address) {
    return (off_t)part->first_page * PAGE_BYTES + address;
}

static bool read_part(void* context, uint32_t address, uint8_t* bytes, uint32_t count) {
    const struct part* const part = context;
    return pread(part->descriptor, bytes, count, place(part, address)) == (ssize_t)count;
}

static bool program_part(void* context, uint32_t address, const uint8_t* bytes, uint32_t count) {
    const struct part* const part = context;
    return pwrite(part->descriptor, bytes, count, place(part, address)) == (ssize_t)count;
}

static bool erase_part(void* context, uint32_t page) {
    uint8_t erased[PAGE_BYTES];
    memset(erased, 0xff, sizeof erased);
    return program_part(context, page * PAGE_BYTES, erased, PAGE_BYTES);
}

static int open_flash(const char* file, uint32_t pages) {
    const int descriptor = open(file, O_RDWR | O_CREAT, 0600);
    if (descriptor < 0 || ftruncate(descriptor, pages * PAGE_BYTES) != 0) fail(file);
    return descriptor;
}

static struct pd_queue* open_queue(const char* file) {
    static uint8_t memory[8192];
    static struct pd_ram_queue ring;
    static struct pd_flash_queue log;
    static struct part part;
    static const struct pd_flash flash = {
        &part, PAGES, PAGE_BYTES, UNIT_BYTES, read_part, program_part, erase_part};
    if (file == NULL) {
        if (pd_ram_queue_init(&ring, memory, sizeof memory) != PD_OK) fail("queue");
        return &ring.queue;
    }
    part.descriptor = open_flash(file, PAGES);
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

/* ---- Updates */

static struct part parts[] = {{0, 0}, {0, SLOT_PAGES}, {0, 2 * SLOT_PAGES}};
static const struct pd_flash flashes[] = {
    {&parts[0], SLOT_PAGES, PAGE_BYTES, UNIT_BYTES, read_part, program_part, erase_part},
    {&parts[1], SLOT_PAGES, PAGE_BYTES, UNIT_BYTES, read_part, program_part, erase_part},
    {&parts[2], RECORD_PAGES, PAGE_BYTES, UNIT_BYTES, read_part, program_part, erase_part}};
static uint8_t key[1][PD_KEY_BYTES];
static crypto_hash_sha256_state hash;
static bool restarts, image_works = true;

static void digest_begin(void* context) {
    (void)context;
    crypto_hash_sha256_init(&hash);
}

static void digest_add(void* context, const uint8_t* bytes, size_t count) {
    (void)context;
    crypto_hash_sha256_update(&hash, bytes, count);
}

static void digest_end(void* context, uint8_t* digest) {
    (void)context;
    crypto_hash_sha256_final(&hash, digest);
}

static const struct pd_slots slots = {
    {&flashes[0], &flashes[1]}, &flashes[2], {NULL, digest_begin, digest_add, digest_end}};

static bool verify(
    void* context,
    const uint8_t* signature,
    const uint8_t* message,
    size_t count,
    const uint8_t* public_key
) {
    (void)context;
    return crypto_sign_verify_detached(signature, message, count, public_key) == 0;
}

static void set(void* context, const struct pd_settings* settings) {
    (void)context;
    printf("reporting interval %u\n", settings->reporting_interval_s);
    fflush(stdout);
}

static void restart(void* context, bool must) {
    (void)context;
    (void)must;
    restarts = true;
}

static void open_slots(const char* file) {
    const int descriptor = open_flash(file, 2 * SLOT_PAGES + RECORD_PAGES);
    uint8_t first[2];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; ++i) parts[i].descriptor = descriptor;
    if (!read_part(&parts[0], 0, first, sizeof first)) fail(file);
    if (first[0] == 0) { /* a new device: firmware 1 */
        const uint8_t factory[UNIT_BYTES] = {1, 1};
        if (!program_part(&parts[0], 0, factory, sizeof factory)) fail(file);
    }
}

/* The boot loader, and what its choice says of itself. */
static struct pd_update* boot(uint32_t* firmware) {
    static struct pd_update update;
    const uint8_t slot = pd_boot_choose(&slots);
    const struct pd_update_config config = {
        &slots, slot, key, 1, TRIAL_MS, NULL, verify, set, NULL, restart};
    uint8_t first[2];
    if (!read_part(&parts[slot], 0, first, sizeof first)) fail("slot");
    *firmware = first[0];
    image_works = first[1] != 0;
    if (pd_update_open(&update, &config) != PD_OK) fail("pd_update_open");
    return &update;
}

/* ---- The firmware */

static void measure(struct pd_link* link, uint32_t readings) {
    const struct pd_queue* const queue = link->config.queue;
    while (queue->next <= readings && pd_waiting(link) < WAITING_MAX) {
        const struct pd_reading reading = {
            "water.volume", "L", NULL, PD_DECIMAL, {.decimal = {queue->next, 0}}};
        if (pd_readings_add(link, &reading, 1, 0) != PD_OK) fail("pd_readings_add");
    }
}

/* False: the line has come to its end. True: the firmware starts again. */
static bool run(struct pd_link* link, uint32_t readings) {
    const uint32_t began = now_ms(NULL);
    for (restarts = false; !restarts && (image_works || now_ms(NULL) - began < DIES_MS);) {
        struct pollfd ready = {line, POLLIN, 0};
        uint8_t received[256];
        if (poll(&ready, 1, WAIT_MS) > 0) {
            const ssize_t count = recv(line, received, sizeof received, 0);
            if (count <= 0) return false;
            pd_input(link, received, (size_t)count);
        }
        measure(link, readings);
        pd_poll(link);
    }
    return true;
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
    const char *file = NULL, *slots_file = NULL;
    uint32_t readings = 10000;
    for (int option; (option = getopt(argc, argv, "n:a:q:r:u:k:")) != -1;) {
        if (option == 'n') config.node = optarg;
        if (option == 'a') config.address = (uint8_t)atoi(optarg);
        if (option == 'q') file = optarg;
        if (option == 'r') readings = (uint32_t)atoi(optarg);
        if (option == 'u') slots_file = optarg;
        if (option == 'k') sodium_hex2bin(*key, sizeof *key, optarg, 64, NULL, NULL, NULL);
        if (option == '?') return 64;
    }
    if (optind + 1 != argc) return 64;
    config.queue = open_queue(file);
    if (slots_file != NULL) open_slots(slots_file);
    connect_line(argv[optind]);
    do {
        if (slots_file != NULL) config.update = boot(&config.firmware);
        if (pd_init(&link, &config) != PD_OK) fail("pd_init");
    } while (run(&link, readings));
    return 0;
}
