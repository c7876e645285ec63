// What comes in, and what is known of the gateway by it.
#include "pd_link.h"

#include "passerelle/v1/node.pb.h"
#include "pd_payload.h"
#include "pd_record.h"

#include <string.h>

static bool is_text(const char* text, size_t bytes_max) {
    return text != NULL && pd_text_bytes(text, bytes_max) <= bytes_max;
}

static bool is_letter(char letter) {
    const uint8_t lower = (uint8_t)letter | 0x20u;
    return (lower >= 'a' && lower <= 'z') || (letter >= '-' && letter <= '9' && letter != '/') ||
           letter == '_';
}

// [A-Za-z0-9._-]
static bool is_word(const char* text, size_t bytes_max) {
    if (!is_text(text, bytes_max) || *text == 0) return false;
    for (; *text != 0; ++text) {
        if (!is_letter(*text)) return false;
    }
    return true;
}

// For what is no word the gateway has no updates.
static bool is_make(const struct pd_config* config, const char* text) {
    return config->update != NULL ? is_word(text, PD_MAKE_CHARS_MAX)
                                  : is_text(text, PD_MAKE_CHARS_MAX);
}

static bool is_configuration(const struct pd_config* config) {
    return is_word(config->node, PD_NODE_CHARS_MAX) && is_make(config, config->vendor) &&
           is_make(config, config->device_class) && config->address <= PD_ADDRESS_MAX &&
           config->calls.write != NULL && config->calls.now_ms != NULL &&
           config->calls.random != NULL && config->queue != NULL;
}

enum pd_result pd_link_renew_queue(struct pd_link* link) {
    struct pd_queue* const queue = link->config.queue;
    uint32_t incarnation = link->config.calls.random(link->config.calls.context);
    if (incarnation == 0 || incarnation == queue->incarnation) ++incarnation;
    if (incarnation == 0) ++incarnation;
    // Only what the gateway has not been told of the incarnation before.
    const uint32_t lost = queue->lost - link->lost_told;
    link->boot_first = 1;
    link->lost_told = 0;
    return queue->calls->renew(queue, incarnation, lost);
}

enum pd_result pd_init(struct pd_link* link, const struct pd_config* config) {
    if (!is_configuration(config)) return PD_INVALID;
    memset(link, 0, sizeof *link);
    link->config = *config;
    link->now_low = config->calls.now_ms(config->calls.context);
    link->boot_first = config->queue->next;
    pd_link_forget_session(link);
    return config->queue->incarnation == 0 ? pd_link_renew_queue(link) : PD_OK;
}

uint32_t pd_link_tick(struct pd_link* link) {
    const uint32_t low = link->config.calls.now_ms(link->config.calls.context);
    const uint32_t since_ms = low - link->now_low;
    link->now_low = low;
    link->now += since_ms;
    link->second_ms += since_ms % 1000;  // no division of 64 bits, which takes 1 KB
    link->uptime_s += since_ms / 1000 + link->second_ms / 1000;
    link->second_ms %= 1000;
    return since_ms;
}

void pd_link_look_up(struct pd_link* link) {
    if (pd_link_tick(link) > PD_TURN_BEGIN_MS) link->busy_at = link->now_low;
}

void pd_link_forget_session(struct pd_link* link) {
    link->session = 0;
    link->answer_ms = 0;
    link->answer_due = link->now;
}

static bool read_payload(
    struct pd_link* link, const uint8_t* payload, size_t bytes, struct pd_fields* fields
) {
    if (pd_payload_read(payload, bytes, fields)) return true;
    ++link->counters.unknown;
    return false;
}

static void set_time(struct pd_link* link, uint64_t unix_ms) {
    if (unix_ms == 0 || unix_ms > PD_UNIX_MS_MAX) return;
    link->unix_offset_ms = (int64_t)unix_ms - (int64_t)link->now;
    link->has_time = true;
}

static void set_window(struct pd_link* link, uint64_t window) {
    link->window = (uint8_t)(window < PD_WINDOW_MAX ? window : PD_WINDOW_MAX);
}

static bool is_node(const struct pd_link* link, const struct pd_fields* welcome) {
    const char* const node = link->config.node;
    if (welcome->text_bytes != pd_text_bytes(node, PD_NODE_CHARS_MAX)) return false;
    for (size_t i = 0; i < welcome->text_bytes; ++i) {
        if (welcome->text[i] != (uint8_t)node[i]) return false;
    }
    return true;
}

static bool is_for_us(const struct pd_link* link, const struct pd_fields* welcome) {
    return welcome->number[passerelle_v1_NodeWelcome_version_tag] == PD_VERSION &&
           welcome->number[passerelle_v1_NodeWelcome_incarnation_tag] ==
               link->config.queue->incarnation &&
           is_node(link, welcome);
}

static void take_welcome(
    struct pd_link* link, const struct pd_head* head, const struct pd_fields* welcome
) {
    struct pd_queue* const queue = link->config.queue;
    if (head->session == 0 || !is_for_us(link, welcome)) {
        ++link->counters.unknown;
        return;
    }
    set_time(link, welcome->number[passerelle_v1_NodeWelcome_unix_ms_tag]);
    if (head->sequence > queue->next) {  // the queue has come back older than it was
        pd_link_forget_session(link);
        (void)pd_link_renew_queue(link);
        return;
    }
    if (head->sequence > queue->first) queue->calls->drop_below(queue, head->sequence, 0);
    ++link->counters.sessions;
    link->session = head->session;
    set_window(link, welcome->number[passerelle_v1_NodeWelcome_window_tag]);
    link->acknowledged = link->send_next = link->sent_end = head->sequence;
    link->gap_at = 0;
    link->answer_ms = PD_ANSWER_MS;
    link->quiet_until = 0;
    link->greeted_at = link->told_at;
}

static void take_acknowledged(struct pd_link* link, uint32_t below) {
    struct pd_queue* const queue = link->config.queue;
    if (below <= link->acknowledged) return;
    if (below > queue->first) queue->calls->drop_below(queue, below, 0);
    link->acknowledged = below;
    link->answer_ms = PD_ANSWER_MS;
    link->gap_at = 0;
}

// Returns whether it is of what was sent.
static bool take_ack(
    struct pd_link* link, const struct pd_head* head, const struct pd_fields* ack
) {
    const uint32_t below = head->sequence;
    const uint64_t told = ack->number[passerelle_v1_NodeAck_expected_tag];
    const uint32_t expected = told > below ? (uint32_t)told : below;
    if (told > link->sent_end || below > link->sent_end) {
        ++link->counters.unknown;
        return false;
    }
    set_time(link, ack->number[passerelle_v1_NodeAck_unix_ms_tag]);
    set_window(link, ack->number[passerelle_v1_NodeAck_window_tag]);
    take_acknowledged(link, below);
    if (link->config.update != NULL) link->config.update->calls->acknowledged(link, below);
    link->answer_due = link->now + link->answer_ms;
    // Every message behind a missing one tells of the gap; only the first time leads back. On a
    // bus nothing is under way when the turn comes, so every turn goes on from there.
    const bool gap = ack->number[passerelle_v1_NodeAck_gap_tag] != 0 && expected != link->gap_at;
    const bool back = (gap || head->type == PD_POLL) && expected < link->send_next;
    if (back) link->gap_at = expected;
    if (back || expected > link->send_next) link->send_next = expected;
    if (link->send_next < link->acknowledged) link->send_next = link->acknowledged;
    return true;
}

static void take_poll(
    struct pd_link* link, const struct pd_head* head, const struct pd_fields* ack
) {
    if (link->config.address == 0 || link->now < link->quiet_until) return;
    if (link->now_low - link->busy_at < PD_TURN_BEGIN_MS) return;
    if (head->session == 0) {
        pd_link_forget_session(link);
    } else if (head->session != link->session || !take_ack(link, head, ack)) {
        return;
    }
    link->turn = true;
    link->turn_at = link->now_low;
}

static void take_refusal(
    struct pd_link* link, const struct pd_head* head, const struct pd_fields* refusal
) {
    const struct pd_calls* const calls = &link->config.calls;
    ++link->counters.refused;
    if (calls->refused != NULL) {
        const uint64_t cause = refusal->number[passerelle_v1_NodeRefused_cause_tag];
        calls->refused(calls->context, head->sequence, (uint32_t)cause);
    }
}

static bool is_of_session(const struct pd_link* link, const struct pd_head* head) {
    return link->session != 0 && head->session == link->session;
}

static void take_message(
    struct pd_link* link, const struct pd_head* head, const struct pd_fields* fields
) {
    switch (head->type) {
        case PD_WELCOME:
            take_welcome(link, head, fields);
            break;
        case PD_POLL:
            take_poll(link, head, fields);
            break;
        case PD_ACK:
            if (is_of_session(link, head)) (void)take_ack(link, head, fields);
            break;
        case PD_REFUSED_FRAME:
            if (is_of_session(link, head)) take_refusal(link, head, fields);
            break;
        case PD_HELLO_AGAIN:
            if (is_of_session(link, head) || (link->session != 0 && head->session == 0)) {
                pd_link_forget_session(link);
            }
            break;
        case PD_TURNED_AWAY_FRAME:
            if (link->session == 0) link->quiet_until = link->now + PD_TURNED_AWAY_MS;
            break;
        default:
            ++link->counters.unknown;
    }
}

// Of these the payload need not be a message.
static bool is_of_update(
    struct pd_link* link, const struct pd_head* head, const uint8_t* payload, size_t bytes
) {
    const struct pd_update* const update = link->config.update;
    return update != NULL && is_of_session(link, head) &&
           update->calls->take(link, head, payload, bytes);
}

static void take_frame(struct pd_link* link) {
    struct pd_head head;
    struct pd_fields fields;
    size_t bytes = 0;
    const size_t received = link->received_bytes;
    link->received_bytes = 0;
    if (received == 0) return;
    if (received > sizeof link->received ||
        !pd_frame_open(link->received, received, &head, &bytes)) {
        ++link->counters.damaged;
        return;
    }
    // What other nodes say, and on two wires an echo of our own, is none of ours.
    if (head.address != link->config.address || head.type < PD_WELCOME) return;
    link->heard_at = link->now;
    if (is_of_update(link, &head, link->received + PD_HEAD_BYTES, bytes)) return;
    if (!read_payload(link, link->received + PD_HEAD_BYTES, bytes, &fields)) return;
    take_message(link, &head, &fields);
}

void pd_input(struct pd_link* link, const uint8_t* bytes, size_t count) {
    pd_link_tick(link);
    for (; count > 0; --count, ++bytes) {
        if (*bytes == 0) {
            take_frame(link);
            pd_link_look_up(link);
        } else if (link->received_bytes < sizeof link->received) {
            link->received[link->received_bytes++] = *bytes;
        } else {
            link->received_bytes = sizeof link->received + 1;  // too long to be a frame
        }
    }
}

enum pd_state pd_link_state(struct pd_link* link) {
    pd_link_tick(link);
    if (link->now < link->quiet_until) return PD_TURNED_AWAY;
    if (link->session == 0) return PD_GREETING;
    if (link->now - link->heard_at > PD_CONNECTED_MS) return PD_SILENT;
    return link->window == 0 ? PD_STOPPED : PD_CONNECTED;
}

uint32_t pd_waiting(const struct pd_link* link) {
    return link->config.queue->next - link->config.queue->first;
}

int64_t pd_unix_ms(struct pd_link* link) {
    pd_link_tick(link);
    return link->has_time ? (int64_t)link->now + link->unix_offset_ms : 0;
}

const struct pd_counters* pd_link_counters(const struct pd_link* link) {
    return &link->counters;
}
