#include "pd_manifest.h"

#include "passerelle/v1/manifest.pb.h"
#include "pd_payload.h"

#include <string.h>

#define FORMAT 1u

// Reads a field into a message; false: it is not as the message has it.
typedef bool (*read_field)(const struct pd_field* field, struct pd_manifest* manifest);

static bool read_message(
    const struct pd_word* message, struct pd_manifest* manifest, read_field read
) {
    pb_istream_t stream = pb_istream_from_buffer(message->bytes, message->count);
    while (stream.bytes_left > 0) {
        struct pd_field field;
        if (!pd_payload_field(&stream, &field) || !read(&field, manifest)) return false;
    }
    return true;
}

static bool take_number(const struct pd_field* field, uint32_t* number) {
    *number = (uint32_t)field->number;
    return field->bytes == NULL && field->number <= UINT32_MAX;
}

static bool take_word(const struct pd_field* field, struct pd_word* word) {
    word->bytes = field->bytes;
    word->count = field->count;
    return field->bytes != NULL;
}

static bool read_image(const struct pd_field* field, struct pd_manifest* manifest) {
    switch (field->tag) {
        case passerelle_v1_Manifest_Image_size_tag:
            return take_number(field, &manifest->image.size);
        case passerelle_v1_Manifest_Image_sha256_tag:
            if (field->bytes == NULL || field->count != PD_DIGEST_BYTES) return false;
            memcpy(manifest->image.digest, field->bytes, PD_DIGEST_BYTES);
            return true;
        case passerelle_v1_Manifest_Image_sequence_min_tag:
            return take_number(field, &manifest->sequence_min);
        default:
            return true;
    }
}

static bool read_settings(const struct pd_field* field, struct pd_manifest* manifest) {
    return field->tag != passerelle_v1_Manifest_Settings_reporting_interval_s_tag ||
           take_number(field, &manifest->settings.reporting_interval_s);
}

static bool read_manifest(const struct pd_field* field, struct pd_manifest* manifest) {
    struct pd_word content;
    switch (field->tag) {
        case passerelle_v1_Manifest_format_tag:
            return take_number(field, &manifest->format);
        case passerelle_v1_Manifest_vendor_tag:
            return take_word(field, &manifest->vendor);
        case passerelle_v1_Manifest_device_class_tag:
            return take_word(field, &manifest->device_class);
        case passerelle_v1_Manifest_sequence_tag:
            return take_number(field, &manifest->sequence);
        case passerelle_v1_Manifest_expires_unix_s_tag:
            manifest->expires_unix_s = field->number;
            return field->bytes == NULL;
        case passerelle_v1_Manifest_node_tag:
            return take_word(field, &manifest->node);
        case passerelle_v1_Manifest_image_tag:
            manifest->has_image = true;
            return take_word(field, &content) && read_message(&content, manifest, read_image);
        case passerelle_v1_Manifest_settings_tag:
            manifest->has_settings = true;
            return take_word(field, &content) && read_message(&content, manifest, read_settings);
        default:
            return true;
    }
}

static bool read_signed(const struct pd_field* field, struct pd_manifest* manifest) {
    switch (field->tag) {
        case passerelle_v1_SignedManifest_manifest_tag:
            return take_word(field, &manifest->signed_bytes);
        case passerelle_v1_SignedManifest_signature_tag:
            return take_word(field, &manifest->signature);
        default:
            return true;
    }
}

bool pd_manifest_read(const uint8_t* message, size_t bytes, struct pd_manifest* manifest) {
    const struct pd_word whole = {message, bytes};
    memset(manifest, 0, sizeof *manifest);
    return read_message(&whole, manifest, read_signed) &&
           manifest->signature.count == PD_SIGNATURE_BYTES &&
           manifest->signed_bytes.count <= PD_MANIFEST_BYTES_MAX &&
           read_message(&manifest->signed_bytes, manifest, read_manifest) &&
           manifest->format == FORMAT && manifest->sequence != 0;
}

bool pd_word_is(const struct pd_word* word, const char* text) {
    for (size_t i = 0; i < word->count; ++i) {
        if (text[i] == 0 || word->bytes[i] != (uint8_t)text[i]) return false;
    }
    return text[word->count] == 0;
}
