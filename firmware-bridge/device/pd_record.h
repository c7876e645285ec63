// A message as a queue keeps it, and as it is sent. Pure functions.
//
// | offset | bytes | |
// |---|---|---|
// | 0 | 1 | number of readings |
// | 1 | 8 | when they were taken: 0 unknown; with bit 63 milliseconds of the start that is in
//            progress, otherwise Unix time in milliseconds |
// | 9 | up to 242 | a Readings message without their times |
#ifndef PD_RECORD_H
#define PD_RECORD_H

#include "passerelle_device.h"

#define PD_RECORD_HEAD_BYTES 9u
#define PD_STAMP_OF_BOOT ((uint64_t)1 << 63)
#define PD_UNIX_MS_MAX (((int64_t)1 << 49) - 1)  // 7 bytes as a varint

// At most one more than `bytes_max`, where the text is longer.
size_t pd_text_bytes(const char* text, size_t bytes_max);

// Writes the record of these readings and its size. PD_INVALID, PD_TOO_LONG.
enum pd_result pd_record_make(
    uint8_t* record, size_t* size, const struct pd_reading* readings, size_t count, uint64_t stamp
);

uint64_t pd_record_stamp(const uint8_t* record);

// Writes the message of a record with each reading's time, 0: none, to a payload of
// PD_PAYLOAD_BYTES_MAX. Returns its bytes; 0: the record is not one.
size_t pd_record_payload(
    const uint8_t* record, size_t size, int64_t observed_at_ms, uint8_t* payload
);

#endif
