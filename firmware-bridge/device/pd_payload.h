// Payloads: messages of proto/passerelle/v1/node.proto, field by field with what nanopb is made of.
// Its tables of fields would take 3 KB more. The numbers of the fields are the generated ones.
#ifndef PD_PAYLOAD_H
#define PD_PAYLOAD_H

#include "passerelle_device.h"
#include "pb_decode.h"

#define PD_FIELDS_MAX 6u  // numbers of the fields of what the gateway sends are below

// Fields of a message from the gateway, by number. What it does not have is 0.
struct pd_fields {
    uint64_t number[PD_FIELDS_MAX];
    const uint8_t* text;  // of its only field that is text; within the payload
    size_t text_bytes;
};

// A field of any message.
struct pd_field {
    uint32_t tag;
    uint64_t number;
    const uint8_t* bytes;  // within the message; NULL: it is a number
    size_t count;
};

// The next one of a message in memory. False: it is none.
bool pd_payload_field(pb_istream_t* stream, struct pd_field* field);

// False: the payload is no message.
bool pd_payload_read(const uint8_t* payload, size_t bytes, struct pd_fields* fields);

// Each returns the bytes of the payload, of which there are PD_PAYLOAD_BYTES_MAX.
size_t pd_payload_hello(
    uint8_t* payload, const struct pd_config* config, const struct pd_queue* queue
);
// Numbers of fields in a row.
size_t pd_payload_numbers(uint8_t* payload, uint32_t tag, const uint32_t* numbers, size_t count);
size_t pd_payload_status(uint8_t* payload, uint32_t uptime_s, const struct pd_queue* queue);

#endif
