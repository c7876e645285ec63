#include "updates.h"

#include "crypto_sign_ed25519.h"
#include "slots.h"

#define TRIAL_MS 60000u

// Of RFC 8032, section 7.1, test 1: everybody has its secret half. A firmware of one's own has keys
// of one's own.
static const uint8_t keys[1][PD_KEY_BYTES] = {{0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7,
                                               0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
                                               0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25,
                                               0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a}};
static uint32_t reporting_interval_s;
static struct pd_update update;

static bool verify(
    void* context,
    const uint8_t* signature,
    const uint8_t* message,
    size_t count,
    const uint8_t* key
) {
    (void)context;
    return crypto_sign_ed25519_verify_detached(signature, message, count, key) == 0;
}

static void set(void* context, const struct pd_settings* settings) {
    (void)context;
    reporting_interval_s = settings->reporting_interval_s;
}

struct pd_update* updates_open(void (*restart)(void* context, bool must)) {
    const struct pd_update_config config = {
        &sample_slots,
        (uint8_t)STARTED_SLOT,
        keys,
        sizeof keys / sizeof *keys,
        TRIAL_MS,
        NULL,
        verify,
        set,
        NULL,
        restart};
    return pd_update_open(&update, &config) == PD_OK ? &update : NULL;
}

uint32_t updates_reporting_interval_s(void) {
    return reporting_interval_s;
}
