#include "pd_payload.h"

#include "passerelle/v1/node.pb.h"
#include "pb_encode.h"
#include "pd_record.h"

#include <string.h>

static bool read_bytes(pb_istream_t* stream, struct pd_field* field) {
    uint64_t count = 0;
    if (!pb_decode_varint(stream, &count) || count > stream->bytes_left) return false;
    field->bytes = stream->state;
    field->count = (size_t)count;
    return pb_read(stream, NULL, (size_t)count);
}

bool pd_payload_field(pb_istream_t* stream, struct pd_field* field) {
    pb_wire_type_t type;
    uint32_t number = 0;
    bool ends = false;
    field->bytes = NULL;
    if (!pb_decode_tag(stream, &type, &field->tag, &ends)) return false;
    if (type == PB_WT_STRING) return read_bytes(stream, field);
    if (type == PB_WT_VARINT) return pb_decode_varint(stream, &field->number);
    if (type == PB_WT_64BIT) return pb_decode_fixed64(stream, &field->number);
    if (type != PB_WT_32BIT || !pb_decode_fixed32(stream, &number)) return false;
    field->number = number;
    return true;
}

bool pd_payload_read(const uint8_t* payload, size_t bytes, struct pd_fields* fields) {
    pb_istream_t stream = pb_istream_from_buffer(payload, bytes);
    memset(fields, 0, sizeof *fields);
    while (stream.bytes_left > 0) {
        struct pd_field field;
        if (!pd_payload_field(&stream, &field)) return false;
        if (field.tag >= PD_FIELDS_MAX) continue;
        if (field.bytes != NULL) {
            fields->text = field.bytes;
            fields->text_bytes = field.count;
        } else {
            fields->number[field.tag] = field.number;
        }
    }
    return true;
}

static bool put_number(pb_ostream_t* stream, uint32_t tag, uint32_t value) {
    return pb_encode_tag(stream, PB_WT_VARINT, tag) && pb_encode_varint(stream, value);
}

static bool put_text(pb_ostream_t* stream, uint32_t tag, const char* text) {
    return pb_encode_tag(stream, PB_WT_STRING, tag) &&
           pb_encode_string(stream, (const pb_byte_t*)text, pd_text_bytes(text, PD_NODE_CHARS_MAX));
}

size_t pd_payload_hello(
    uint8_t* payload, const struct pd_config* config, const struct pd_queue* queue
) {
    pb_ostream_t stream = pb_ostream_from_buffer(payload, PD_PAYLOAD_BYTES_MAX);
    const bool fits =
        put_number(&stream, passerelle_v1_NodeHello_version_min_tag, PD_VERSION) &&
        put_number(&stream, passerelle_v1_NodeHello_version_max_tag, PD_VERSION) &&
        put_text(&stream, passerelle_v1_NodeHello_node_tag, config->node) &&
        put_text(&stream, passerelle_v1_NodeHello_vendor_tag, config->vendor) &&
        put_text(&stream, passerelle_v1_NodeHello_device_class_tag, config->device_class) &&
        put_number(&stream, passerelle_v1_NodeHello_firmware_tag, config->firmware) &&
        pb_encode_tag(&stream, PB_WT_32BIT, passerelle_v1_NodeHello_incarnation_tag) &&
        pb_encode_fixed32(&stream, &queue->incarnation) &&
        put_number(&stream, passerelle_v1_NodeHello_next_tag, queue->first) &&
        put_number(&stream, passerelle_v1_NodeHello_waiting_tag, queue->next - queue->first) &&
        put_number(&stream, passerelle_v1_NodeHello_lost_tag, queue->lost);
    return fits ? stream.bytes_written : 0;
}

size_t pd_payload_status(uint8_t* payload, uint32_t uptime_s, const struct pd_queue* queue) {
    pb_ostream_t stream = pb_ostream_from_buffer(payload, PD_PAYLOAD_BYTES_MAX);
    const bool fits =
        put_number(&stream, passerelle_v1_NodeStatus_uptime_s_tag, uptime_s) &&
        put_number(&stream, passerelle_v1_NodeStatus_waiting_tag, queue->next - queue->first) &&
        put_number(&stream, passerelle_v1_NodeStatus_lost_tag, queue->lost);
    return fits ? stream.bytes_written : 0;
}

size_t pd_payload_numbers(uint8_t* payload, uint32_t tag, const uint32_t* numbers, size_t count) {
    pb_ostream_t stream = pb_ostream_from_buffer(payload, PD_PAYLOAD_BYTES_MAX);
    for (size_t i = 0; i < count; ++i) {
        if (!put_number(&stream, tag + (uint32_t)i, numbers[i])) return 0;
    }
    return stream.bytes_written;
}
