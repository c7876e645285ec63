// What goes out, one frame after the other.
#include "pd_link.h"
#include "pd_payload.h"
#include "pd_record.h"

// READINGS, or HELLO or STATUS, which is not due behind them; the state of an image, that of
// settings, a question; TURN-END.
#define FRAMES_PER_POLL_MAX (PD_WINDOW_MAX + 4u)

uint8_t* pd_link_payload(struct pd_link* link) {
    return link->frame + 2 + PD_HEAD_BYTES;
}

void pd_link_put(struct pd_link* link, uint8_t type, uint32_t sequence, size_t bytes) {
    const struct pd_head head = {
        type, link->config.address, type == PD_HELLO ? 0 : link->session, sequence};
    link->frame_bytes = (uint16_t)pd_frame_close(link->frame, &head, bytes);
    link->frame_sent = 0;
    link->frame_type = type;
    if (type <= PD_STATUS) link->told_at = link->now;
}

static bool put_report(struct pd_link* link, uint8_t type, uint32_t sequence, size_t bytes) {
    pd_link_put(link, type, sequence, bytes);
    link->lost_told = link->config.queue->lost;
    return true;
}

static void wait_longer(struct pd_link* link) {
    link->answer_ms = link->answer_ms == 0 ? PD_ANSWER_MS : 2 * link->answer_ms;
    if (link->answer_ms > PD_ANSWER_MS_MAX) link->answer_ms = PD_ANSWER_MS_MAX;
}

static bool put_hello(struct pd_link* link) {
    wait_longer(link);
    link->answer_due = link->now + link->answer_ms;
    if (link->config.queue->incarnation == 0 && pd_link_renew_queue(link) != PD_OK) return false;
    const struct pd_update* const update = link->config.update;
    uint8_t* const payload = pd_link_payload(link);
    size_t bytes = pd_payload_hello(payload, &link->config, link->config.queue);
    if (update != NULL) bytes += update->calls->hello(update, payload + bytes);
    return put_report(link, PD_HELLO, 0, bytes);
}

static bool put_status(struct pd_link* link) {
    const size_t bytes =
        pd_payload_status(pd_link_payload(link), link->uptime_s, link->config.queue);
    return put_report(link, PD_STATUS, link->sent_end, bytes);
}

// When its readings were taken, as far as it is known by now.
static int64_t observed_at_ms(const struct pd_link* link, uint32_t sequence) {
    const uint64_t stamp = pd_record_stamp(link->record);
    if ((stamp & PD_STAMP_OF_BOOT) == 0) return (int64_t)stamp;
    if (sequence < link->boot_first || !link->has_time) return 0;
    return (int64_t)(stamp & ~PD_STAMP_OF_BOOT) + link->unix_offset_ms;
}

static bool put_readings(struct pd_link* link) {
    struct pd_queue* const queue = link->config.queue;
    const uint32_t sequence = link->send_next;
    size_t bytes = queue->calls->peek(queue, sequence, link->record);
    if (bytes >= PD_RECORD_HEAD_BYTES) {
        const int64_t at_ms = observed_at_ms(link, sequence);
        bytes = pd_record_payload(link->record, bytes, at_ms, pd_link_payload(link));
    }
    if (bytes == 0) {
        // Damaged in the queue. The gateway would wait for it: once it is the first, it goes.
        if (sequence == queue->first) queue->calls->drop_below(queue, sequence + 1, 1);
        return false;
    }
    pd_link_put(link, PD_READINGS, sequence, bytes);
    ++link->counters.sent;
    if (sequence < link->sent_end) ++link->counters.repeated;
    link->send_next = sequence + 1;
    if (link->sent_end < link->send_next) link->sent_end = link->send_next;
    return true;
}

// The queue has dropped what the gateway still waits for.
static bool is_ahead(const struct pd_link* link) {
    return link->session != 0 && link->config.queue->first > link->acknowledged;
}

static bool may_send_readings(const struct pd_link* link) {
    return link->session != 0 && link->send_next < link->config.queue->next &&
           link->send_next - link->acknowledged < link->window;
}

static bool is_status_due(const struct pd_link* link) {
    const bool stopped = link->window == 0 && pd_waiting(link) > 0;
    const bool soon = stopped || link->config.queue->lost != link->lost_told;
    return link->session != 0 &&
           link->now - link->told_at >= (soon ? PD_STOPPED_MS : PD_HEARTBEAT_MS);
}

static bool put_update(struct pd_link* link) {
    const struct pd_update* const update = link->config.update;
    return update != NULL && link->session != 0 && update->calls->say(link);
}

static bool next_of_line(struct pd_link* link) {
    if (link->now < link->quiet_until) return false;
    if (is_ahead(link)) pd_link_forget_session(link);
    if (link->session == 0) return link->now >= link->answer_due && put_hello(link);
    if (link->send_next > link->acknowledged && link->now >= link->answer_due) {
        link->send_next = link->acknowledged;
        link->gap_at = 0;
        link->answer_due = link->now;
        wait_longer(link);
    }
    if (put_update(link)) return true;
    if (may_send_readings(link)) return put_readings(link);
    return is_status_due(link) && put_status(link);
}

static bool next_of_turn(struct pd_link* link) {
    if (!link->turn) return false;
    if (is_ahead(link)) pd_link_forget_session(link);
    if (link->session == 0 && link->answer_ms == 0) return put_hello(link);
    if (put_update(link)) return true;
    if (may_send_readings(link) && put_readings(link)) return true;
    if (is_status_due(link)) return put_status(link);
    pd_link_put(link, PD_TURN_END, 0, 0);
    link->turn = false;
    return true;
}

// Returns whether all of the frame is on its way.
static bool write_frame(struct pd_link* link) {
    const struct pd_calls* const calls = &link->config.calls;
    const size_t left = (size_t)(link->frame_bytes - link->frame_sent);
    if (left == 0) return true;
    const size_t taken = calls->write(calls->context, link->frame + link->frame_sent, left);
    link->frame_sent = (uint16_t)(link->frame_sent + (taken < left ? taken : left));
    if (taken > 0) link->turn_at = link->now_low;
    if (taken < left) return false;
    if (link->frame_type <= PD_STATUS) link->answer_due = link->now + link->answer_ms;
    return true;
}

// The bus may be another node's by now: what is left of the turn, and of a frame, is not sent.
static void end_late_turn(struct pd_link* link) {
    if (link->now_low - link->turn_at <= PD_TURN_PAUSE_MS) return;
    link->turn = false;
    link->frame_sent = link->frame_bytes;
}

void pd_poll(struct pd_link* link) {
    pd_link_tick(link);
    if (link->config.update != NULL) link->config.update->calls->work(link);
    const bool on_bus = link->config.address != 0;
    bool more = true;
    // Each is sent where the next one is made.
    for (unsigned frames = 0; more && frames <= FRAMES_PER_POLL_MAX; ++frames) {
        pd_link_look_up(link);
        if (on_bus) end_late_turn(link);
        more = write_frame(link) && (on_bus ? next_of_turn(link) : next_of_line(link));
    }
    pd_link_look_up(link);
}

enum pd_result pd_readings_add(
    struct pd_link* link, const struct pd_reading* readings, size_t count, int64_t observed_at_ms
) {
    struct pd_queue* const queue = link->config.queue;
    const int64_t unix_ms = pd_unix_ms(link);
    if (observed_at_ms < 0 || observed_at_ms > PD_UNIX_MS_MAX) return PD_INVALID;
    if (observed_at_ms == 0) observed_at_ms = unix_ms;
    const uint64_t stamp =
        observed_at_ms > 0 ? (uint64_t)observed_at_ms : link->now | PD_STAMP_OF_BOOT;
    size_t size = 0;
    enum pd_result result = pd_record_make(link->record, &size, readings, count, stamp);
    if (result != PD_OK) return result;
    result = queue->calls->push(queue, link->record, size, (uint8_t)count);
    pd_link_look_up(link);
    return result;
}
