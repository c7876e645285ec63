// Not to be run: calls all of the library, both queues included, so that its size can be measured;
// with UPDATES also the receiver of updates. Or, one at a time: what a boot loader has of it
// (LOADER), what the sample has of libsodium (SODIUM), or nothing but memcpy and memset, which
// every firmware has.
#include "passerelle_device.h"

#include <string.h>

__attribute__((section(".vectors"), used)) void reset(void);

#ifdef SODIUM
#include "crypto_hash_sha256.h"
#include "crypto_sign_ed25519.h"
#endif

#ifdef EVERYTHING
static struct pd_link link;
static struct pd_ram_queue ram;
static struct pd_flash_queue log;
static uint8_t bytes[1024];

// Outside of what the compiler can see.
extern volatile uintptr_t firmware;

void reset(void) {
    const struct pd_config* const config = (const struct pd_config*)firmware;
    (void)pd_ram_queue_init(&ram, bytes, sizeof bytes);
    (void)pd_flash_queue_open(&log, (const struct pd_flash*)firmware);
#ifdef UPDATES
    static struct pd_update update;
    (void)pd_update_open(&update, (const struct pd_update_config*)firmware);
#endif
    (void)pd_init(&link, config);
    pd_input(&link, bytes, firmware);
    pd_poll(&link);
    (void)pd_readings_add(&link, (const struct pd_reading*)firmware, firmware, 0);
    firmware = (uintptr_t)pd_link_state(&link) + pd_waiting(&link) + (uintptr_t)pd_unix_ms(&link) +
               pd_link_counters(&link)->sent;
}

volatile uintptr_t firmware;
#else
static uint8_t bytes[1024];
volatile uintptr_t firmware;

void reset(void) {
    (void)memcpy(bytes, (const void*)firmware, firmware);
    (void)memset(bytes, (int)firmware, firmware);
#ifdef LOADER
    firmware = pd_boot_choose((const struct pd_slots*)firmware);
#endif
#ifdef SODIUM
    crypto_hash_sha256_state hash;
    (void)crypto_hash_sha256_init(&hash);
    (void)crypto_hash_sha256_update(&hash, bytes, firmware);
    (void)crypto_hash_sha256_final(&hash, bytes);
    firmware = (uintptr_t)crypto_sign_ed25519_verify_detached(bytes, bytes, firmware, bytes);
#endif
}
#endif
