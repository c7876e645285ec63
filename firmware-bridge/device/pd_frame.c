#include "pd_frame.h"

#include "passerelle_device.h"

uint32_t pd_crc32(uint32_t crc, const uint8_t* bytes, size_t count) {
    static const uint32_t of_nibble[16] = {
        0x00000000u,
        0x1db71064u,
        0x3b6e20c8u,
        0x26d930acu,
        0x76dc4190u,
        0x6b6b51f4u,
        0x4db26158u,
        0x5005713cu,
        0xedb88320u,
        0xf00f9344u,
        0xd6d6a3e8u,
        0xcb61b38cu,
        0x9b64c2b0u,
        0x86d3d2d4u,
        0xa00ae278u,
        0xbdbdf21cu};
    crc = ~crc;
    while (count-- > 0) {
        crc ^= *bytes++;
        crc = (crc >> 4) ^ of_nibble[crc & 15u];
        crc = (crc >> 4) ^ of_nibble[crc & 15u];
    }
    return ~crc;
}

void pd_put_u32(uint8_t* bytes, uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) bytes[i] = (uint8_t)(value >> (8 * i));
}

uint32_t pd_get_u32(const uint8_t* bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

// A content has at most 254 bytes, so each zero of it is within reach of a code that takes its
// place: one code before all of it is the only byte more.
static void encode_in_place(uint8_t* code, size_t count) {
    uint8_t* last = code;
    for (size_t i = 1; i <= count; ++i) {
        if (code[i] != 0) continue;
        *last = (uint8_t)(code + i - last);
        last = code + i;
    }
    *last = (uint8_t)(code + count + 1 - last);
}

// Returns the bytes of the content, which begins where the codes did; 0: no COBS.
static size_t decode_in_place(uint8_t* bytes, size_t count) {
    size_t from = 0, to = 0;
    while (from < count) {
        const size_t code = bytes[from];
        if (code == 0 || code > count - from) return 0;
        for (size_t i = 1; i < code; ++i) bytes[to++] = bytes[from + i];
        from += code;
        if (code < 255 && from < count) bytes[to++] = 0;
    }
    return to;
}

size_t pd_frame_close(uint8_t* frame, const struct pd_head* head, size_t payload_bytes) {
    uint8_t* const content = frame + 2;
    const size_t checked = PD_HEAD_BYTES + payload_bytes;
    content[0] = head->type;
    content[1] = head->address;
    content[2] = (uint8_t)head->session;
    content[3] = (uint8_t)(head->session >> 8);
    pd_put_u32(content + 4, head->sequence);
    pd_put_u32(content + checked, pd_crc32(0, content, checked));
    encode_in_place(frame + 1, checked + PD_CRC_BYTES);
    frame[0] = 0;
    frame[2 + checked + PD_CRC_BYTES] = 0;
    return checked + PD_CRC_BYTES + 3;
}

bool pd_frame_open(uint8_t* frame, size_t count, struct pd_head* head, size_t* payload_bytes) {
    const size_t bytes = decode_in_place(frame, count);
    if (bytes < PD_HEAD_BYTES + PD_CRC_BYTES || bytes > PD_CONTENT_BYTES_MAX) return false;
    const size_t checked = bytes - PD_CRC_BYTES;
    if (pd_crc32(0, frame, checked) != pd_get_u32(frame + checked)) return false;
    head->type = frame[0];
    head->address = frame[1];
    head->session = (uint16_t)(frame[2] | frame[3] << 8);
    head->sequence = pd_get_u32(frame + 4);
    *payload_bytes = checked - PD_HEAD_BYTES;
    return true;
}
