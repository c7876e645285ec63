// Frames as bytes: README.md, "Frame". Pure functions.
#ifndef PD_FRAME_H
#define PD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pd_frame_type {
    PD_HELLO = 0x01,
    PD_READINGS = 0x02,
    PD_STATUS = 0x03,
    PD_TURN_END = 0x04,
    PD_WELCOME = 0x81,
    PD_ACK = 0x82,
    PD_REFUSED_FRAME = 0x83,
    PD_HELLO_AGAIN = 0x84,
    PD_TURNED_AWAY_FRAME = 0x85,
    PD_POLL = 0x86,
    PD_UPDATE_ASK = 0x40,
    PD_UPDATE_STATE = 0x41,
    PD_UPDATE_OFFER = 0xc0,
    PD_UPDATE_PIECE = 0xc1,
    PD_UPDATE_OVER = 0xc2,
    PD_UPDATE_SEEN = 0xc3
};

#define PD_HEAD_BYTES 8u
#define PD_CRC_BYTES 4u

struct pd_head {
    uint8_t type;
    uint8_t address;
    uint16_t session;
    uint32_t sequence;
};

// CRC-32 of IEEE 802.3 over more bytes; begins with 0.
uint32_t pd_crc32(uint32_t crc, const uint8_t* bytes, size_t count);

void pd_put_u32(uint8_t* bytes, uint32_t value);
uint32_t pd_get_u32(const uint8_t* bytes);

// Closes a frame whose payload stands at frame + 2 + PD_HEAD_BYTES: puts the head before it and the
// CRC behind it, encodes both in place, and a 0 to each side. Returns the bytes to send.
size_t pd_frame_close(uint8_t* frame, const struct pd_head* head, size_t payload_bytes);

// Decodes a frame without its zeros in place. False: it is damaged. Otherwise the payload begins at
// frame + PD_HEAD_BYTES.
bool pd_frame_open(uint8_t* frame, size_t count, struct pd_head* head, size_t* payload_bytes);

#endif
