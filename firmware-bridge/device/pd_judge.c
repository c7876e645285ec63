// Whether a manifest is for this node.
#include "passerelle/v1/manifest.pb.h"
#include "passerelle/v1/node.pb.h"
#include "pd_image.h"
#include "pd_link.h"
#include "pd_update.h"

#include <string.h>

#define CONTEXT "passerelle-manifest-1"  // signed with its closing 0
#define UNIX_S_MAX ((uint64_t)1 << 40)

static bool is_signed(const struct pd_update_config* config, const struct pd_manifest* manifest) {
    uint8_t message[sizeof CONTEXT + PD_MANIFEST_BYTES_MAX];
    const size_t count = sizeof CONTEXT + manifest->signed_bytes.count;
    memcpy(message, CONTEXT, sizeof CONTEXT);
    memcpy(message + sizeof CONTEXT, manifest->signed_bytes.bytes, manifest->signed_bytes.count);
    for (uint8_t key = 0; key < config->keys_count; ++key) {
        const uint8_t* const signature = manifest->signature.bytes;
        if (config->verify(config->context, signature, message, count, config->keys[key])) {
            return true;
        }
    }
    return false;
}

static bool is_for_node(const struct pd_config* config, const struct pd_manifest* manifest) {
    const uint32_t interval_s = manifest->settings.reporting_interval_s;
    return pd_word_is(&manifest->vendor, config->vendor) &&
           pd_word_is(&manifest->device_class, config->device_class) &&
           (manifest->node.count == 0 || pd_word_is(&manifest->node, config->node)) &&
           manifest->has_image != manifest->has_settings &&
           (manifest->has_image || (interval_s > 0 && interval_s <= PD_INTERVAL_S_MAX));
}

bool pd_is_expired(struct pd_link* link, uint64_t expires_unix_s) {
    pd_link_look_up(link);  // a signature was verified
    const int64_t unix_ms = pd_unix_ms(link);
    return expires_unix_s < UNIX_S_MAX && unix_ms >= (int64_t)(expires_unix_s * 1000u);
}

static uint32_t newest_of(const struct pd_link* link, bool is_settings) {
    const struct pd_boot_state* const state = &link->config.update->state;
    if (is_settings) return state->settings;
    return state->floor > link->config.firmware ? state->floor : link->config.firmware;
}

uint8_t pd_judge(struct pd_link* link, const struct pd_manifest* manifest) {
    const struct pd_update_config* const config = &link->config.update->config;
    const struct pd_flash* const slot = config->slots->slot[1u - config->slot];
    if (!is_signed(config, manifest)) return passerelle_v1_NodeUpdateState_Cause_SIGNATURE;
    if (!is_for_node(&link->config, manifest)) {
        return passerelle_v1_NodeUpdateState_Cause_NOT_FOR_IT;
    }
    if (manifest->sequence <= newest_of(link, manifest->has_settings)) {
        return passerelle_v1_NodeUpdateState_Cause_OLD;
    }
    if (pd_is_expired(link, manifest->expires_unix_s)) {
        return passerelle_v1_NodeUpdateState_Cause_EXPIRED;
    }
    if (manifest->has_settings) return passerelle_v1_NodeUpdateState_Cause_NONE;
    if (manifest->image.size == 0 || manifest->image.size > pd_slot_bytes(slot)) {
        return passerelle_v1_NodeUpdateState_Cause_TOO_LARGE;
    }
    return manifest->sequence_min > link->config.firmware
               ? passerelle_v1_NodeUpdateState_Cause_BASE
               : passerelle_v1_NodeUpdateState_Cause_NONE;
}
