// Manifests: SignedManifest and Manifest of proto/passerelle/v1/manifest.proto. Pure functions.
#ifndef PD_MANIFEST_H
#define PD_MANIFEST_H

#include "passerelle_device.h"

struct pd_word {  // within the message
    const uint8_t* bytes;
    size_t count;
};

struct pd_manifest {
    struct pd_word signed_bytes, signature;
    uint32_t format, sequence;
    struct pd_word vendor, device_class, node;
    uint64_t expires_unix_s;
    bool has_image, has_settings;
    struct pd_image image;
    uint32_t sequence_min;
    struct pd_settings settings;
};

// False: it is no signed manifest of a format that is known; the sequence is what was found of it.
// The signature has not been looked at.
bool pd_manifest_read(const uint8_t* message, size_t bytes, struct pd_manifest* manifest);

bool pd_word_is(const struct pd_word* word, const char* text);

#endif
