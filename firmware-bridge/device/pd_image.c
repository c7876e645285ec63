#include "pd_image.h"

#include "pd_flash_page.h"

#include <string.h>

#define CHUNK_BYTES 64u

uint32_t pd_slot_bytes(const struct pd_flash* slot) {
    return slot->pages * slot->page_bytes;
}

bool pd_image_hash(const struct pd_slots* slots, uint8_t slot, uint32_t offset, uint32_t count) {
    const struct pd_flash* const flash = slots->slot[slot];
    uint8_t chunk[CHUNK_BYTES];
    while (count > 0) {
        const uint32_t bytes = count < CHUNK_BYTES ? count : CHUNK_BYTES;
        if (!flash->read(flash->context, offset, chunk, bytes)) return false;
        slots->digest.add(slots->digest.context, chunk, bytes);
        offset += bytes;
        count -= bytes;
    }
    return true;
}

bool pd_image_is_hashed(const struct pd_slots* slots, const struct pd_image* image) {
    uint8_t digest[PD_DIGEST_BYTES];
    slots->digest.end(slots->digest.context, digest);
    return memcmp(digest, image->digest, PD_DIGEST_BYTES) == 0;
}

bool pd_image_is_in(const struct pd_slots* slots, uint8_t slot, const struct pd_image* image) {
    if (image->sequence == 0 || image->size > pd_slot_bytes(slots->slot[slot])) return false;
    slots->digest.begin(slots->digest.context);
    return pd_image_hash(slots, slot, 0, image->size) && pd_image_is_hashed(slots, image);
}

bool pd_image_program(
    const struct pd_flash* slot, uint32_t offset, const uint8_t* bytes, uint32_t count
) {
    const uint32_t whole = count / slot->unit_bytes * slot->unit_bytes;
    if (offset % slot->page_bytes == 0 && !slot->erase(slot->context, offset / slot->page_bytes)) {
        return false;
    }
    if (whole > 0 && !slot->program(slot->context, offset, bytes, whole)) return false;
    if (whole == count) return true;
    uint8_t unit[PD_UNIT_BYTES_MAX];
    memset(unit, 0xff, sizeof unit);
    memcpy(unit, bytes + whole, count - whole);
    return slot->program(slot->context, offset + whole, unit, slot->unit_bytes);
}
