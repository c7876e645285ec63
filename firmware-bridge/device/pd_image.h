// An image in a slot.
#ifndef PD_IMAGE_H
#define PD_IMAGE_H

#include "passerelle_device.h"

uint32_t pd_slot_bytes(const struct pd_flash* slot);

// Adds so many bytes from there on to the digest. False: they cannot be read.
bool pd_image_hash(const struct pd_slots* slots, uint8_t slot, uint32_t offset, uint32_t count);

// Ends the digest: whether it is the image's.
bool pd_image_is_hashed(const struct pd_slots* slots, const struct pd_image* image);

// Whether all of the image is in the slot: reads all of it.
bool pd_image_is_in(const struct pd_slots* slots, uint8_t slot, const struct pd_image* image);

// Programs a piece of the image; at the begin of a page erases that before. The offset is that of a
// unit, and the piece ends with the page at the latest.
bool pd_image_program(
    const struct pd_flash* slot, uint32_t offset, const uint8_t* bytes, uint32_t count
);

#endif
