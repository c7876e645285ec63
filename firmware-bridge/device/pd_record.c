#include "pd_record.h"

#include "passerelle/v1/reading.pb.h"
#include "pb_encode.h"
#include "pd_frame.h"

#include <string.h>

#define READINGS_KEY (passerelle_v1_Readings_readings_tag << 3 | PB_WT_STRING)
#define OBSERVED_KEY (passerelle_v1_Reading_observed_at_ms_tag << 3 | PB_WT_VARINT)
#define DATE_BYTES_MAX 9u       // what a time adds to a reading: key, number, a longer length
#define READINGS_COUNT_MAX 26u  // as many as a payload could hold if they were empty

size_t pd_text_bytes(const char* text, size_t bytes_max) {
    size_t bytes = 0;
    while (text[bytes] != 0 && bytes <= bytes_max) ++bytes;
    return bytes;
}

static bool is_text(const char* text) {
    return text == NULL || pd_text_bytes(text, PD_QUANTITY_CHARS_MAX) <= PD_QUANTITY_CHARS_MAX;
}

static bool is_reading(const struct pd_reading* reading) {
    return reading->quantity != NULL && reading->quantity[0] != 0 && is_text(reading->quantity) &&
           is_text(reading->unit) && is_text(reading->device) && reading->kind <= PD_FLAG;
}

static bool put_text(pb_ostream_t* stream, uint32_t tag, const char* text) {
    if (text == NULL || text[0] == 0) return true;
    return pb_encode_tag(stream, PB_WT_STRING, tag) &&
           pb_encode_string(
               stream, (const pb_byte_t*)text, pd_text_bytes(text, PD_QUANTITY_CHARS_MAX)
           );
}

static bool put_decimal(pb_ostream_t* stream, const struct pd_reading* reading) {
    return pb_encode_tag(stream, PB_WT_VARINT, passerelle_v1_Decimal_mantissa_tag) &&
           pb_encode_svarint(stream, reading->value.decimal.mantissa) &&
           pb_encode_tag(stream, PB_WT_VARINT, passerelle_v1_Decimal_exponent_tag) &&
           pb_encode_svarint(stream, reading->value.decimal.exponent);
}

static bool put_value(pb_ostream_t* stream, const struct pd_reading* reading) {
    if (reading->kind == PD_NUMBER) {
        return pb_encode_tag(stream, PB_WT_64BIT, passerelle_v1_Reading_number_tag) &&
               pb_encode_fixed64(stream, &reading->value.number);
    }
    if (reading->kind == PD_FLAG) {
        return pb_encode_tag(stream, PB_WT_VARINT, passerelle_v1_Reading_flag_tag) &&
               pb_encode_varint(stream, reading->value.flag);
    }
    pb_ostream_t sizing = PB_OSTREAM_SIZING;
    return put_decimal(&sizing, reading) &&
           pb_encode_tag(stream, PB_WT_STRING, passerelle_v1_Reading_decimal_tag) &&
           pb_encode_varint(stream, sizing.bytes_written) && put_decimal(stream, reading);
}

static bool put_fields(pb_ostream_t* stream, const struct pd_reading* reading) {
    return put_text(stream, passerelle_v1_Reading_quantity_tag, reading->quantity) &&
           put_value(stream, reading) &&
           put_text(stream, passerelle_v1_Reading_unit_tag, reading->unit) &&
           put_text(stream, passerelle_v1_Reading_device_tag, reading->device);
}

static bool put_reading(pb_ostream_t* stream, const struct pd_reading* reading) {
    pb_ostream_t sizing = PB_OSTREAM_SIZING;
    return put_fields(&sizing, reading) &&
           pb_encode_tag(stream, PB_WT_STRING, passerelle_v1_Readings_readings_tag) &&
           pb_encode_varint(stream, sizing.bytes_written) && put_fields(stream, reading);
}

enum pd_result pd_record_make(
    uint8_t* record, size_t* size, const struct pd_reading* readings, size_t count, uint64_t stamp
) {
    if (count == 0) return PD_INVALID;
    if (count > READINGS_COUNT_MAX) return PD_TOO_LONG;
    pb_ostream_t stream = pb_ostream_from_buffer(
        record + PD_RECORD_HEAD_BYTES, PD_PAYLOAD_BYTES_MAX - DATE_BYTES_MAX * count
    );
    for (size_t i = 0; i < count; ++i) {
        if (!is_reading(&readings[i])) return PD_INVALID;
        if (!put_reading(&stream, &readings[i])) return PD_TOO_LONG;
    }
    record[0] = (uint8_t)count;
    pd_put_u32(record + 1, (uint32_t)stamp);
    pd_put_u32(record + 5, (uint32_t)(stamp >> 32));
    *size = PD_RECORD_HEAD_BYTES + stream.bytes_written;
    return PD_OK;
}

uint64_t pd_record_stamp(const uint8_t* record) {
    return pd_get_u32(record + 1) | (uint64_t)pd_get_u32(record + 5) << 32;
}

static size_t put_varint(uint8_t* bytes, uint64_t value) {
    size_t count = 0;
    for (; value > 0x7f; value >>= 7) bytes[count++] = (uint8_t)(value | 0x80u);
    bytes[count++] = (uint8_t)value;
    return count;
}

// Of a length, which is below 2^14 in a payload. Returns the bytes it takes; 0: it is cut short.
static size_t get_length(const uint8_t* bytes, size_t count, size_t* length) {
    if (count == 0) return 0;
    *length = bytes[0] & 0x7fu;
    if (bytes[0] < 0x80) return 1;
    if (count == 1 || bytes[1] >= 0x80) return 0;
    *length |= (size_t)bytes[1] << 7;
    return 2;
}

size_t pd_record_payload(
    const uint8_t* record, size_t size, int64_t observed_at_ms, uint8_t* payload
) {
    uint8_t date[1 + 7] = {OBSERVED_KEY};
    size_t date_bytes = 0;
    if (observed_at_ms > 0 && observed_at_ms <= PD_UNIX_MS_MAX) {
        date_bytes = 1 + put_varint(date + 1, (uint64_t)observed_at_ms);
    }
    size_t from = PD_RECORD_HEAD_BYTES, to = 0;
    while (from < size) {
        size_t length = 0;
        const size_t taken = get_length(record + from + 1, size - from - 1, &length);
        if (record[from] != READINGS_KEY || taken == 0) return 0;
        from += 1 + taken;
        if (length > size - from) return 0;
        if (to + 3 + length + date_bytes > PD_PAYLOAD_BYTES_MAX) return 0;
        payload[to++] = READINGS_KEY;
        to += put_varint(payload + to, length + date_bytes);
        memcpy(payload + to, record + from, length);
        memcpy(payload + to + length, date, date_bytes);
        to += length + date_bytes;
        from += length;
    }
    return to;
}
