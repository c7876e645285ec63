#include "slots.h"

#include "crypto_hash_sha256.h"

#include <string.h>

#define PAGE_BYTES 4096u
#define UNIT_BYTES 8u
#define RECORD_PAGES 4u

static bool read(void* context, uint32_t address, uint8_t* bytes, uint32_t count) {
    memcpy(bytes, (const uint8_t*)context + address, count);
    return true;
}

// As flash does it: zeros only.
static bool program(void* context, uint32_t address, const uint8_t* bytes, uint32_t count) {
    uint8_t* const to = (uint8_t*)context + address;
    for (uint32_t i = 0; i < count; ++i) to[i] &= bytes[i];
    return true;
}

static bool erase(void* context, uint32_t page) {
    memset((uint8_t*)context + page * PAGE_BYTES, 0xff, PAGE_BYTES);
    return true;
}

static crypto_hash_sha256_state hash;

static void begin(void* context) {
    (void)context;
    crypto_hash_sha256_init(&hash);
}

static void add(void* context, const uint8_t* bytes, size_t count) {
    (void)context;
    crypto_hash_sha256_update(&hash, bytes, count);
}

static void end(void* context, uint8_t* digest) {
    (void)context;
    crypto_hash_sha256_final(&hash, digest);
}

#define FLASH(address, pages) \
    { (void*)(address), (pages), PAGE_BYTES, UNIT_BYTES, read, program, erase }

static const struct pd_flash flashes[] = {
    FLASH(SLOTS_ADDRESS, SLOT_BYTES / PAGE_BYTES),
    FLASH(SLOTS_ADDRESS + SLOT_BYTES, SLOT_BYTES / PAGE_BYTES),
    FLASH(SLOTS_ADDRESS + 2u * SLOT_BYTES, RECORD_PAGES)};

const struct pd_slots sample_slots = {
    {&flashes[0], &flashes[1]}, &flashes[2], {NULL, begin, add, end}};
