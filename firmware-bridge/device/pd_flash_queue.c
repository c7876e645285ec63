// A queue as a log over pages of flash, see pd_flash_page.h.
//
// What a loss of power cut short does not check, and is skipped unit by unit: the number of a
// message that was not written to its end was never given to anybody, so the next may have it. A
// page is erased and gets its new head only when nothing waits in it, or when its messages have to
// go; between the two they are missing, and counted as one reading each when the log is opened.
// The page before it stays meanwhile and knows all numbers.
#include "passerelle_device.h"
#include "pd_flash_page.h"
#include "pd_frame.h"

#include <string.h>

#define PAGES_MIN 2u
#define MARK_EVERY 8u  // messages that may be sent again after a loss of power

static struct pd_flash_queue* log_of(struct pd_queue* queue) {
    return (struct pd_flash_queue*)(void*)queue;
}

// Whether the page of this generation is still there and of this incarnation.
static bool is_page(
    const struct pd_flash_queue* log, uint32_t generation, struct pd_page_head* head
) {
    return pd_read_head(log->flash, generation % log->flash->pages, head) &&
           head->generation == generation && head->incarnation == log->queue.incarnation;
}

// Behind what the newest page holds. The room is used up even if it does not succeed.
static bool append(
    struct pd_flash_queue* log, const struct pd_entry* entry, const uint8_t* content
) {
    const uint32_t offset = log->end;
    log->end += pd_entry_bytes(log->flash, entry->size);
    return pd_write_entry(log->flash, log->newest, offset, entry, content);
}

// Goes on to the next entry that is there, from a place that may hold none. False at the end.
static bool find_entry(
    const struct pd_flash_queue* log, uint32_t* generation, uint32_t* offset, struct pd_entry* entry
) {
    for (; *generation != log->newest + 1; ++*generation, *offset = pd_entries_offset(log->flash)) {
        const uint32_t end = *generation == log->newest ? log->end : log->flash->page_bytes;
        for (; *offset < end; *offset += log->flash->unit_bytes) {
            if (pd_read_entry(log->flash, *generation, *offset, entry, NULL)) return true;
        }
    }
    return false;
}

// Moves the place where the oldest message is looked for on to it.
static void seek_first(struct pd_flash_queue* log) {
    struct pd_entry entry;
    while (find_entry(log, &log->read_page, &log->read_offset, &entry)) {
        if (entry.kind == PD_MESSAGE && entry.sequence >= log->queue.first) return;
        log->read_offset += pd_entry_bytes(log->flash, entry.size);
    }
    log->read_page = log->newest;
    log->read_offset = log->end;
}

// Lets go of pages in which nothing waits any more.
static void release_pages(struct pd_flash_queue* log) {
    struct pd_page_head next;
    while (log->oldest != log->newest && is_page(log, log->oldest + 1, &next) &&
           next.next <= log->queue.first) {
        ++log->oldest;
    }
}

// The messages of the oldest page are dropped and their readings counted as lost.
static void drop_oldest_page(struct pd_flash_queue* log) {
    uint32_t generation = log->oldest, offset = pd_entries_offset(log->flash);
    struct pd_page_head next;
    struct pd_entry entry;
    uint32_t end = log->queue.next;
    if (is_page(log, log->oldest + 1, &next)) end = next.next;
    while (log->queue.first < end) {
        const bool found =
            find_entry(log, &generation, &offset, &entry) && generation == log->oldest;
        if (!found) {  // damaged
            log->queue.lost += end - log->queue.first;
            log->queue.first = end;
            break;
        }
        offset += pd_entry_bytes(log->flash, entry.size);
        if (entry.kind != PD_MESSAGE || entry.sequence < log->queue.first) continue;
        log->queue.lost += entry.sequence - log->queue.first + entry.readings;
        log->queue.first = entry.sequence + 1;
    }
    ++log->oldest;
}

static bool open_page(struct pd_flash_queue* log, uint32_t generation) {
    const struct pd_queue* const queue = &log->queue;
    const struct pd_page_head head = {
        generation, queue->incarnation, queue->first, queue->next, queue->lost};
    if (!pd_write_head(log->flash, &head)) return false;
    log->newest = generation;
    log->end = pd_entries_offset(log->flash);
    log->marked = queue->first;
    return true;
}

static bool turn_page(struct pd_flash_queue* log) {
    release_pages(log);
    if (log->newest + 1 - log->oldest >= log->flash->pages) drop_oldest_page(log);
    if (!open_page(log, log->newest + 1)) return false;
    if (log->read_page - log->oldest > log->newest - log->oldest) {
        log->read_page = log->oldest;
        log->read_offset = pd_entries_offset(log->flash);
    }
    seek_first(log);
    return true;
}

static bool has_room(const struct pd_flash_queue* log, uint32_t size) {
    return log->end + pd_entry_bytes(log->flash, size) <= log->flash->page_bytes;
}

static enum pd_result push(
    struct pd_queue* queue, const uint8_t* record, size_t size, uint8_t readings
) {
    struct pd_flash_queue* const log = log_of(queue);
    const struct pd_entry entry = {PD_MESSAGE, (uint8_t)size, readings, queue->next, 0};
    const bool fits =
        size <= PD_RECORD_BYTES_MAX && queue->next <= PD_SEQUENCE_MAX && queue->incarnation != 0;
    if (!fits || (!has_room(log, (uint32_t)size) && !turn_page(log)) ||
        !append(log, &entry, record)) {
        queue->lost += readings;
        return PD_REFUSED;
    }
    ++queue->next;
    return PD_OK;
}

static size_t peek(struct pd_queue* queue, uint32_t sequence, uint8_t* record) {
    const struct pd_flash_queue* const log = log_of(queue);
    uint32_t generation = log->read_page, offset = log->read_offset;
    struct pd_entry entry;
    while (find_entry(log, &generation, &offset, &entry)) {
        if (entry.kind == PD_MESSAGE && entry.sequence >= sequence) {
            const bool found = entry.sequence == sequence &&
                               pd_read_entry(log->flash, generation, offset, &entry, record);
            return found ? entry.size : 0;
        }
        offset += pd_entry_bytes(log->flash, entry.size);
    }
    return 0;
}

static void drop_below(struct pd_queue* queue, uint32_t sequence, uint32_t lost) {
    struct pd_flash_queue* const log = log_of(queue);
    uint8_t content[PD_LOST_BYTES];
    queue->lost += lost;
    queue->first = sequence < queue->next ? sequence : queue->next;
    seek_first(log);
    const bool worth = lost > 0 || queue->first - log->marked >= MARK_EVERY;
    if (!worth || !has_room(log, sizeof content)) return;  // the next page's head says it
    const struct pd_entry entry = {PD_DROPPED, PD_LOST_BYTES, 0, queue->first, queue->lost};
    pd_put_u32(content, queue->lost);
    if (append(log, &entry, content)) log->marked = queue->first;
}

static enum pd_result renew(struct pd_queue* queue, uint32_t incarnation, uint32_t lost) {
    struct pd_flash_queue* const log = log_of(queue);
    queue->lost = lost;
    while (queue->first < queue->next) drop_oldest_page(log);
    queue->incarnation = incarnation;
    queue->first = queue->next = 1;
    log->oldest = log->newest + 1;
    if (!open_page(log, log->newest + 1)) {
        queue->incarnation = 0;
        return PD_REFUSED;
    }
    log->read_page = log->newest;
    log->read_offset = log->end;
    return PD_OK;
}

// Where the newest page goes on if the power went while something was written at this place or
// before it. One unit more than is seen: the last that was programmed may still read as erased.
static uint32_t end_behind(const struct pd_flash_queue* log, uint32_t offset) {
    const struct pd_flash* const flash = log->flash;
    const uint32_t torn = pd_torn_bytes(flash, log->newest, offset);
    const uint32_t end = offset + (torn > 0 ? torn : 2 * flash->unit_bytes);
    return end > log->end ? end : log->end;
}

// Takes over what the entries of the newest page say.
static void read_newest(struct pd_flash_queue* log) {
    const struct pd_flash* const flash = log->flash;
    uint32_t offset = pd_entries_offset(flash);
    struct pd_entry entry;
    log->end = offset + flash->unit_bytes;
    while (offset < flash->page_bytes) {
        if (!pd_read_entry(flash, log->newest, offset, &entry, NULL)) {
            if (!pd_is_erased(flash, log->newest, offset)) log->end = end_behind(log, offset);
            offset += flash->unit_bytes;
            continue;
        }
        if (entry.kind == PD_MESSAGE) {
            log->queue.next = entry.sequence + 1;
        } else {
            log->queue.first = log->marked = entry.sequence;
            log->queue.lost = entry.lost;
        }
        offset += pd_entry_bytes(flash, entry.size);
        log->end = offset + flash->unit_bytes;
    }
    if (log->queue.next < log->queue.first) log->queue.next = log->queue.first;
}

static void find_oldest(struct pd_flash_queue* log) {
    struct pd_page_head head, before;
    log->oldest = log->newest;
    if (!is_page(log, log->newest, &head)) return;
    while (head.next > log->queue.first && log->newest - log->oldest + 1 < log->flash->pages &&
           is_page(log, log->oldest - 1, &before)) {
        head = before;
        --log->oldest;
    }
    if (head.next > log->queue.first) {  // a page was lost while it was turned
        log->queue.lost += head.next - log->queue.first;
        log->queue.first = head.next;
    }
}

enum pd_result pd_flash_queue_open(struct pd_flash_queue* log, const struct pd_flash* flash) {
    static const struct pd_queue_calls calls = {push, peek, drop_below, renew};
    struct pd_page_head head, newest = {0, 0, 1, 1, 0};
    if (!pd_is_flash(flash, PAGES_MIN)) return PD_INVALID;
    memset(log, 0, sizeof *log);
    log->flash = flash;
    for (uint32_t page = 0; page < flash->pages; ++page) {
        if (pd_read_head(flash, page, &head) && head.generation > newest.generation) newest = head;
    }
    log->queue.calls = &calls;
    log->queue.incarnation = newest.incarnation;
    log->queue.first = log->marked = newest.first;
    log->queue.next = newest.next;
    log->queue.lost = newest.lost;
    log->newest = newest.generation;
    if (newest.incarnation == 0) return PD_OK;
    read_newest(log);
    find_oldest(log);
    log->read_page = log->oldest;
    log->read_offset = pd_entries_offset(log->flash);
    seek_first(log);
    return PD_OK;
}
