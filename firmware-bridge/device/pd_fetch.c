// An image on its way into the slot that does not run. What is there survives a loss of power up to
// the last page that is whole; the page behind it is erased before anything is written to it.
#include "pd_image.h"
#include "pd_update.h"

#include <string.h>

#define HASHED_PER_POLL 512u  // bytes: some milliseconds

static uint8_t slot_of(const struct pd_update* update) {
    return (uint8_t)(1u - update->config.slot);
}

static bool is_under_way(const struct pd_boot_state* state, const struct pd_image* image) {
    return state->stage == PD_FETCHING && state->update.sequence == image->sequence &&
           state->update.size == image->size &&
           memcmp(state->update.digest, image->digest, PD_DIGEST_BYTES) == 0;
}

bool pd_fetch_begin(struct pd_update* update, const struct pd_manifest* manifest) {
    struct pd_boot_state* const state = &update->state;
    struct pd_image image = manifest->image;
    image.sequence = manifest->sequence;
    if (is_under_way(state, &image)) return true;
    state->stage = PD_FETCHING;
    state->starts = 0;
    state->update = image;
    state->expires_unix_s = manifest->expires_unix_s;
    state->have = 0;
    memset(&state->confirmed[slot_of(update)], 0, sizeof state->confirmed[0]);
    update->hashed = 0;
    return pd_boot_write(&update->log, state);
}

void pd_fetch_resume(struct pd_update* update) {
    struct pd_boot_state* const state = &update->state;
    if (state->stage != PD_FETCHING || state->have == state->update.size) return;
    state->have -= state->have % update->config.slots->slot[slot_of(update)]->page_bytes;
}

uint32_t pd_fetch_wanted(const struct pd_update* update) {
    const struct pd_boot_state* const state = &update->state;
    if (state->stage != PD_FETCHING) return 0;
    const uint32_t page_bytes = update->config.slots->slot[slot_of(update)]->page_bytes;
    const uint32_t of_page = page_bytes - state->have % page_bytes;
    const uint32_t left = state->update.size - state->have;
    const uint32_t most = of_page < PD_PIECE_BYTES_MAX ? of_page : PD_PIECE_BYTES_MAX;
    return left < most ? left : most;
}

bool pd_fetch_take(struct pd_update* update, const uint8_t* bytes, uint32_t count) {
    struct pd_boot_state* const state = &update->state;
    const struct pd_flash* const slot = update->config.slots->slot[slot_of(update)];
    if (!pd_image_program(slot, state->have, bytes, count)) return false;
    state->have += count;
    const bool worth = state->have % slot->page_bytes == 0 || state->have == state->update.size;
    return !worth || pd_boot_write_have(&update->log, state);
}

bool pd_fetch_verify(struct pd_update* update, bool* is_signed) {
    const struct pd_slots* const slots = update->config.slots;
    const struct pd_image* const image = &update->state.update;
    const uint32_t left = image->size - update->hashed;
    const uint32_t count = left < HASHED_PER_POLL ? left : HASHED_PER_POLL;
    if (update->hashed == 0) slots->digest.begin(slots->digest.context);
    *is_signed = pd_image_hash(slots, slot_of(update), update->hashed, count);
    update->hashed += count;
    if (*is_signed && update->hashed < image->size) return false;
    update->hashed = 0;
    *is_signed = *is_signed && pd_image_is_hashed(slots, image);
    return true;
}
