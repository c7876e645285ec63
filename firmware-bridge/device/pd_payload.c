#include "pd_payload.h"

#include "passerelle/v1/node.pb.h"
#include "pb_decode.h"
#include "pb_encode.h"
#include "pd_record.h"

#include <string.h>

static bool read_text(pb_istream_t* stream, struct pd_fields* fields) {
    uint64_t bytes = 0;
    if (!pb_decode_varint(stream, &bytes) || bytes > stream->bytes_left) return false;
    fields->text = stream->state;
    fields->text_bytes = (size_t)bytes;
    return pb_read(stream, NULL, (size_t)bytes);
}

static bool read_value(pb_istream_t* stream, pb_wire_type_t type, uint64_t* value) {
    uint32_t value_32 = 0;
    if (type == PB_WT_VARINT) return pb_decode_varint(stream, value);
    if (type == PB_WT_64BIT) return pb_decode_fixed64(stream, value);
    if (type != PB_WT_32BIT || !pb_decode_fixed32(stream, &value_32)) return false;
    *value = value_32;
    return true;
}

bool pd_payload_read(const uint8_t* payload, size_t bytes, struct pd_fields* fields) {
    pb_istream_t stream = pb_istream_from_buffer(payload, bytes);
    memset(fields, 0, sizeof *fields);
    while (stream.bytes_left > 0) {
        pb_wire_type_t type;
        uint32_t tag = 0;
        bool ends = false;
        if (!pb_decode_tag(&stream, &type, &tag, &ends)) return false;
        if (tag >= PD_FIELDS_MAX) {
            if (!pb_skip_field(&stream, type)) return false;
        } else if (type == PB_WT_STRING) {
            if (!read_text(&stream, fields)) return false;
        } else if (!read_value(&stream, type, &fields->number[tag])) {
            return false;
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
