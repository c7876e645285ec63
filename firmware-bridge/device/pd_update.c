// Updates and settings: what is said of them, and when.
#include "pd_update.h"

#include "passerelle/v1/node.pb.h"
#include "pd_flash_page.h"
#include "pd_image.h"
#include "pd_link.h"
#include "pd_payload.h"

#include <string.h>

#define NEVER UINT64_MAX
#define AGAIN_MS 1000u  // a restart that was put off

typedef passerelle_v1_NodeUpdateState_State told_state;

static void repeat_from(struct pd_repeated* repeated, uint64_t now) {
    repeated->due = now;
    repeated->wait_ms = PD_ANSWER_MS;
}

static bool is_due(struct pd_repeated* repeated, uint64_t now) {
    if (now < repeated->due) return false;
    repeated->due = now + repeated->wait_ms;
    repeated->wait_ms *= 2;
    if (repeated->wait_ms > PD_ANSWER_MS_MAX) repeated->wait_ms = PD_ANSWER_MS_MAX;
    return true;
}

static bool is_on_trial(const struct pd_update* update) {
    return update->state.stage == PD_TRIAL && update->state.running != update->config.slot;
}

static void tell(
    struct pd_update* update, bool is_settings, uint32_t sequence, told_state state, uint8_t cause
) {
    struct pd_told* const told = &update->told[is_settings];
    told->update = sequence;
    told->offset = is_settings ? 0 : update->state.have;
    told->state = (uint8_t)state;
    told->cause = cause;
    told->is_open = true;
    repeat_from(&told->repeated, 0);
}

// The update is over.
static void end(struct pd_update* update) {
    update->state.stage = PD_IDLE;
    update->state.have = 0;
    update->restart_at = NEVER;
    (void)pd_boot_write(&update->log, &update->state);
}

static void fail(struct pd_update* update, uint8_t cause) {
    end(update);
    tell(
        update,
        false,
        update->state.update.sequence,
        passerelle_v1_NodeUpdateState_State_FAILED,
        cause
    );
}

// ---- What comes ---------------------------------------------------------------------------------

static uint8_t set(struct pd_update* update, const struct pd_manifest* manifest) {
    struct pd_boot_state* const state = &update->state;
    const struct pd_boot_state before = *state;
    state->settings = manifest->sequence;
    state->reporting_interval_s = manifest->settings.reporting_interval_s;
    if (!pd_boot_write(&update->log, state)) {
        *state = before;
        return passerelle_v1_NodeUpdateState_Cause_STORAGE;
    }
    update->config.set(update->config.context, &manifest->settings);
    return passerelle_v1_NodeUpdateState_Cause_NONE;
}

// What was said of the offer before is to be seen first, and an image runs to its end.
static bool is_passed_over(const struct pd_update* update, bool is_settings) {
    const uint8_t stage = update->state.stage;
    return update->told[is_settings].is_open ||
           (!is_settings && (stage == PD_PENDING || stage == PD_TRIAL));
}

static void take_offer(struct pd_link* link, const uint8_t* payload, size_t bytes) {
    struct pd_update* const update = link->config.update;
    struct pd_manifest manifest;
    uint8_t cause = passerelle_v1_NodeUpdateState_Cause_SIGNATURE;
    const bool whole = pd_manifest_read(payload, bytes, &manifest);
    const bool is_settings = manifest.has_settings;
    if (is_passed_over(update, is_settings)) return;
    if (whole) cause = pd_judge(link, &manifest);
    if (cause == passerelle_v1_NodeUpdateState_Cause_NONE && is_settings) {
        cause = set(update, &manifest);
    } else if (cause == passerelle_v1_NodeUpdateState_Cause_NONE) {
        if (pd_fetch_begin(update, &manifest)) {
            repeat_from(&update->ask, link->now);
        } else {
            end(update);
            cause = passerelle_v1_NodeUpdateState_Cause_STORAGE;
        }
    }
    const told_state taken = is_settings ? passerelle_v1_NodeUpdateState_State_CONFIRMED
                                         : passerelle_v1_NodeUpdateState_State_OFFERED;
    tell(
        update,
        is_settings,
        manifest.sequence,
        cause == 0 ? taken : passerelle_v1_NodeUpdateState_State_FAILED,
        cause
    );
}

static void take_piece(
    struct pd_link* link, const struct pd_head* head, const uint8_t* payload, size_t bytes
) {
    struct pd_update* const update = link->config.update;
    const uint32_t wanted = pd_fetch_wanted(update);
    if (wanted == 0 || bytes != wanted || head->sequence != update->state.have) {
        ++link->counters.unknown;  // a repetition, or of another time
    } else if (pd_fetch_take(update, payload, wanted)) {
        repeat_from(&update->ask, link->now);
    } else {
        fail(update, passerelle_v1_NodeUpdateState_Cause_STORAGE);
    }
}

static void take_over(struct pd_update* update, uint32_t sequence) {
    const uint8_t stage = update->state.stage;
    const bool is_under_way = stage == PD_FETCHING || stage == PD_PENDING;
    if (!is_under_way || sequence != update->state.update.sequence) return;
    end(update);
    update->told[0].is_open = false;
}

static void take_seen(struct pd_link* link, const uint8_t* payload, size_t bytes) {
    struct pd_update* const update = link->config.update;
    struct pd_fields seen;
    if (!pd_payload_read(payload, bytes, &seen)) return;
    const bool is_settings = seen.number[passerelle_v1_NodeUpdateState_is_settings_tag] != 0;
    struct pd_told* const told = &update->told[is_settings];
    if (!told->is_open || seen.number[passerelle_v1_NodeUpdateState_update_tag] != told->update ||
        seen.number[passerelle_v1_NodeUpdateState_state_tag] != told->state) {
        return;
    }
    told->is_open = false;
    const uint8_t stage = update->state.stage;
    if (is_settings) return;
    if (stage == PD_ROLLED_BACK || stage == PD_FAILED) end(update);
    if (told->state == passerelle_v1_NodeUpdateState_State_VERIFIED) update->restart_at = link->now;
}

static bool take(
    struct pd_link* link, const struct pd_head* head, const uint8_t* payload, size_t bytes
) {
    switch (head->type) {
        case PD_UPDATE_OFFER:
            take_offer(link, payload, bytes);
            return true;
        case PD_UPDATE_PIECE:
            take_piece(link, head, payload, bytes);
            return true;
        case PD_UPDATE_OVER:
            take_over(link->config.update, head->sequence);
            return true;
        case PD_UPDATE_SEEN:
            take_seen(link, payload, bytes);
            return true;
        default:
            return false;
    }
}

// ---- What is done -------------------------------------------------------------------------------

// A message of the firmware that runs was taken, or it has none and the link is alive.
static void acknowledged(struct pd_link* link, uint32_t below) {
    struct pd_update* const update = link->config.update;
    const struct pd_update_config* const config = &update->config;
    struct pd_boot_state* const state = &update->state;
    // A heartbeat is due so long behind the greeting, however late WELCOME came.
    const bool quiet = pd_waiting(link) == 0 && link->now - link->greeted_at >= PD_HEARTBEAT_MS;
    if (!is_on_trial(update) || !(below > link->boot_first || quiet)) return;
    if (link->config.firmware != state->update.sequence) return;  // it is not what was signed for
    if (config->works != NULL && !config->works(config->context)) return;
    const struct pd_boot_state before = *state;
    state->running = config->slot;
    state->stage = PD_IDLE;
    state->have = 0;
    state->confirmed[config->slot] = state->update;
    if (state->floor < state->update.sequence) state->floor = state->update.sequence;
    if (!pd_boot_write(&update->log, state)) {
        *state = before;
        return;
    }
    update->restart_at = NEVER;
    tell(
        update,
        false,
        state->update.sequence,
        passerelle_v1_NodeUpdateState_State_CONFIRMED,
        passerelle_v1_NodeUpdateState_Cause_NONE
    );
}

static void verify(struct pd_link* link) {
    struct pd_update* const update = link->config.update;
    bool is_signed = false;
    if (!pd_fetch_verify(update, &is_signed)) return;
    if (!is_signed) {
        fail(update, passerelle_v1_NodeUpdateState_Cause_DIGEST);
    } else if (pd_is_expired(link, update->state.expires_unix_s)) {
        fail(update, passerelle_v1_NodeUpdateState_Cause_EXPIRED);
    } else {
        update->state.stage = PD_PENDING;
        if (!pd_boot_write(&update->log, &update->state)) {
            fail(update, passerelle_v1_NodeUpdateState_Cause_STORAGE);
            return;
        }
        update->restart_at = link->now + PD_RESTART_MS;
        tell(
            update,
            false,
            update->state.update.sequence,
            passerelle_v1_NodeUpdateState_State_VERIFIED,
            passerelle_v1_NodeUpdateState_Cause_NONE
        );
    }
}

static void work(struct pd_link* link) {
    struct pd_update* const update = link->config.update;
    const struct pd_boot_state* const state = &update->state;
    if (state->stage == PD_FETCHING && state->have == state->update.size) verify(link);
    if (link->now < update->restart_at) return;
    update->restart_at = link->now + AGAIN_MS;
    update->config.restart(update->config.context, is_on_trial(update));
}

// ---- What is said -------------------------------------------------------------------------------

static size_t hello(const struct pd_update* update, uint8_t* payload) {
    const struct pd_flash* const slot = update->config.slots->slot[1u - update->config.slot];
    const uint32_t numbers[] = {update->state.settings, pd_slot_bytes(slot), is_on_trial(update)};
    return pd_payload_numbers(payload, passerelle_v1_NodeHello_settings_tag, numbers, 3);
}

static void say_state(struct pd_link* link, bool is_settings) {
    const struct pd_told* const told = &link->config.update->told[is_settings];
    const uint32_t numbers[] = {told->update, is_settings, told->state, told->cause, told->offset};
    const size_t bytes = pd_payload_numbers(
        pd_link_payload(link), passerelle_v1_NodeUpdateState_update_tag, numbers, 5
    );
    pd_link_put(link, PD_UPDATE_STATE, 0, bytes);
}

static void ask(struct pd_link* link) {
    const struct pd_update* const update = link->config.update;
    const uint32_t numbers[] = {update->state.update.sequence, pd_fetch_wanted(update)};
    const size_t bytes = pd_payload_numbers(
        pd_link_payload(link), passerelle_v1_NodeUpdateAsk_update_tag, numbers, 2
    );
    pd_link_put(link, PD_UPDATE_ASK, update->state.have, bytes);
}

static bool say(struct pd_link* link) {
    struct pd_update* const update = link->config.update;
    for (unsigned kind = 0; kind < 2; ++kind) {
        struct pd_told* const told = &update->told[kind];
        if (!told->is_open || !is_due(&told->repeated, link->now)) continue;
        // The questions that follow say so as well.
        if (told->state == passerelle_v1_NodeUpdateState_State_OFFERED) told->is_open = false;
        say_state(link, kind != 0);
        return true;
    }
    if (pd_fetch_wanted(update) == 0 || !is_due(&update->ask, link->now)) return false;
    ask(link);
    return true;
}

// ---- The start ----------------------------------------------------------------------------------

static bool is_configuration(const struct pd_update_config* config) {
    const struct pd_slots* const slots = config->slots;
    return slots != NULL && config->slot < 2 && config->keys != NULL && config->keys_count > 0 &&
           config->trial_ms >= PD_TRIAL_MS_MIN && config->verify != NULL && config->set != NULL &&
           config->restart != NULL && slots->slot[0] != NULL && slots->slot[1] != NULL &&
           slots->record != NULL && pd_is_flash(slots->slot[0], 1) &&
           pd_is_flash(slots->slot[1], 1) && pd_is_flash(slots->record, 2) &&
           slots->digest.begin != NULL && slots->digest.add != NULL && slots->digest.end != NULL;
}

// How the last start ended. Where that cannot be kept, the next start finds it again.
static void look_back(struct pd_update* update) {
    struct pd_boot_state* const state = &update->state;
    const bool former = state->running == update->config.slot;
    const uint8_t stage = state->stage;
    if (former && stage == PD_PENDING) {  // the boot loader could not count its start
        state->stage = PD_FAILED;
        state->cause = passerelle_v1_NodeUpdateState_Cause_STORAGE;
    } else if (former && stage == PD_TRIAL) {
        state->stage = PD_ROLLED_BACK;
    } else if (!former && stage != PD_TRIAL) {  // what was confirmed is spoilt, or it is the first
        state->running = update->config.slot;
        state->stage = PD_IDLE;
    } else {
        return;
    }
    (void)pd_boot_write(&update->log, state);
}

enum pd_result pd_update_open(struct pd_update* update, const struct pd_update_config* config) {
    static const struct pd_update_calls calls = {hello, take, acknowledged, work, say};
    if (!is_configuration(config)) return PD_INVALID;
    memset(update, 0, sizeof *update);
    update->calls = &calls;
    update->config = *config;
    update->restart_at = NEVER;
    pd_boot_open(&update->log, config->slots->record, &update->state);
    struct pd_boot_state* const state = &update->state;
    look_back(update);
    pd_fetch_resume(update);
    if (is_on_trial(update)) update->restart_at = config->trial_ms;
    const uint32_t sequence = state->update.sequence;
    if (state->stage == PD_ROLLED_BACK) {
        tell(update, false, sequence, passerelle_v1_NodeUpdateState_State_ROLLED_BACK, 0);
    } else if (state->stage == PD_FAILED) {
        tell(update, false, sequence, passerelle_v1_NodeUpdateState_State_FAILED, state->cause);
    }
    if (state->settings != 0) {
        const struct pd_settings settings = {state->reporting_interval_s};
        config->set(config->context, &settings);
    }
    repeat_from(&update->ask, 0);
    return PD_OK;
}
