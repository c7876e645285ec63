#include "pd_boot_state.h"

#include "pd_flash_page.h"
#include "pd_frame.h"

#include <string.h>

#define FORMAT 1u
#define STATE_BYTES 148u
#define IMAGE_BYTES 40u
#define UPDATE_OFFSET 28u
#define CONFIRMED_OFFSET 68u

static void put_image(uint8_t* bytes, const struct pd_image* image) {
    pd_put_u32(bytes, image->sequence);
    pd_put_u32(bytes + 4, image->size);
    memcpy(bytes + 8, image->digest, PD_DIGEST_BYTES);
}

static void get_image(const uint8_t* bytes, struct pd_image* image) {
    image->sequence = pd_get_u32(bytes);
    image->size = pd_get_u32(bytes + 4);
    memcpy(image->digest, bytes + 8, PD_DIGEST_BYTES);
}

static void put_state(uint8_t* bytes, const struct pd_boot_state* state) {
    const uint8_t head[8] = {
        FORMAT, state->running, state->stage, state->starts, state->cause, 0, 0, 0};
    memcpy(bytes, head, sizeof head);
    pd_put_u32(bytes + 8, state->floor);
    pd_put_u32(bytes + 12, state->settings);
    pd_put_u32(bytes + 16, state->reporting_interval_s);
    pd_put_u32(bytes + 20, (uint32_t)state->expires_unix_s);
    pd_put_u32(bytes + 24, (uint32_t)(state->expires_unix_s >> 32));
    put_image(bytes + UPDATE_OFFSET, &state->update);
    for (unsigned slot = 0; slot < 2; ++slot) {
        put_image(bytes + CONFIRMED_OFFSET + slot * IMAGE_BYTES, &state->confirmed[slot]);
    }
}

static bool get_state(const uint8_t* bytes, struct pd_boot_state* state) {
    if (bytes[0] != FORMAT || bytes[1] > 1 || bytes[2] > PD_FAILED) return false;
    state->running = bytes[1];
    state->stage = bytes[2];
    state->starts = bytes[3];
    state->cause = bytes[4];
    state->floor = pd_get_u32(bytes + 8);
    state->settings = pd_get_u32(bytes + 12);
    state->reporting_interval_s = pd_get_u32(bytes + 16);
    state->expires_unix_s = pd_get_u32(bytes + 20) | (uint64_t)pd_get_u32(bytes + 24) << 32;
    get_image(bytes + UPDATE_OFFSET, &state->update);
    for (unsigned slot = 0; slot < 2; ++slot) {
        get_image(bytes + CONFIRMED_OFFSET + slot * IMAGE_BYTES, &state->confirmed[slot]);
    }
    return true;
}

// The last state that the page of this generation holds; false: it holds none.
static bool read_page(
    const struct pd_flash* flash, uint32_t generation, struct pd_boot_state* state
) {
    uint8_t content[PD_RECORD_BYTES_MAX];
    struct pd_entry entry;
    bool found = false;
    for (uint32_t offset = pd_entries_offset(flash); offset < flash->page_bytes;) {
        if (!pd_read_entry(flash, generation, offset, &entry, content)) {
            offset += flash->unit_bytes;
            continue;
        }
        found = (entry.size == STATE_BYTES && get_state(content, state)) || found;
        state->have = entry.sequence;
        offset += pd_entry_bytes(flash, entry.size);
    }
    return found;
}

// What the power cut short is never written behind: every start that writes begins a page.
void pd_boot_open(
    struct pd_boot_log* log, const struct pd_flash* flash, struct pd_boot_state* state
) {
    struct pd_page_head head;
    const struct pd_boot_log nothing = {flash, 0, 0, flash->page_bytes};
    *log = nothing;
    memset(state, 0, sizeof *state);
    for (uint32_t page = 0; page < flash->pages; ++page) {
        struct pd_boot_state found;
        memset(&found, 0, sizeof found);
        if (!pd_read_head(flash, page, &head) || head.incarnation != PD_BOOT_MARK) continue;
        if (head.generation > log->newest) log->newest = head.generation;
        if (head.generation <= log->holder || !read_page(flash, head.generation, &found)) continue;
        log->holder = head.generation;
        *state = found;
    }
}

static bool append(
    struct pd_boot_log* log, const struct pd_boot_state* state, const uint8_t* content, uint8_t size
) {
    const struct pd_entry entry = {PD_MESSAGE, size, 0, state->have, 0};
    const uint32_t offset = log->end;
    const uint32_t bytes = pd_entry_bytes(log->flash, size);
    if (offset + bytes > log->flash->page_bytes) return false;
    log->end += bytes;
    if (!pd_write_entry(log->flash, log->newest, offset, &entry, content)) return false;
    log->holder = log->newest;
    return true;
}

// The page with the state that counts stays: one that has none is begun again.
static bool turn_page(struct pd_boot_log* log) {
    const bool holds = log->holder == log->newest;
    const uint32_t generation = log->newest + (holds ? 1u : log->flash->pages);
    const struct pd_page_head head = {generation, PD_BOOT_MARK, 0, 0, 0};
    if (!pd_write_head(log->flash, &head)) return false;
    log->newest = generation;
    log->end = pd_entries_offset(log->flash);
    return true;
}

bool pd_boot_write(struct pd_boot_log* log, const struct pd_boot_state* state) {
    uint8_t content[STATE_BYTES];
    put_state(content, state);
    return append(log, state, content, STATE_BYTES) ||
           (turn_page(log) && append(log, state, content, STATE_BYTES));
}

bool pd_boot_write_have(struct pd_boot_log* log, const struct pd_boot_state* state) {
    if (log->holder == log->newest && append(log, state, NULL, 0)) return true;
    return pd_boot_write(log, state);
}
