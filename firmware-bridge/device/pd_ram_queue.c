// A ring of messages in memory. Each is: size of the record, number of readings, record.
#include "passerelle_device.h"

#include <string.h>

#define HEAD_BYTES 2u
#define MEMORY_BYTES_MIN 512u

static struct pd_ram_queue* ring_of(struct pd_queue* queue) {
    return (struct pd_ram_queue*)(void*)queue;
}

static uint8_t* byte_at(const struct pd_ram_queue* ring, uint32_t place) {
    const uint32_t index = ring->start + place;
    return ring->memory + (index < ring->capacity ? index : index - ring->capacity);
}

static uint32_t bytes_at(const struct pd_ram_queue* ring, uint32_t place) {
    return HEAD_BYTES + *byte_at(ring, place);
}

static void drop_oldest(struct pd_ram_queue* ring) {
    const uint32_t bytes = bytes_at(ring, 0);
    ring->start = (ring->start + bytes) % ring->capacity;
    ring->used -= bytes;
    ++ring->queue.first;
}

static enum pd_result push(
    struct pd_queue* queue, const uint8_t* record, size_t size, uint8_t readings
) {
    struct pd_ram_queue* const ring = ring_of(queue);
    if (size > PD_RECORD_BYTES_MAX || queue->next > PD_SEQUENCE_MAX || queue->incarnation == 0) {
        queue->lost += readings;
        return PD_REFUSED;
    }
    while (ring->capacity - ring->used < HEAD_BYTES + size) {
        queue->lost += *byte_at(ring, 1);
        drop_oldest(ring);
    }
    *byte_at(ring, ring->used) = (uint8_t)size;
    *byte_at(ring, ring->used + 1) = readings;
    for (uint32_t i = 0; i < size; ++i) *byte_at(ring, ring->used + HEAD_BYTES + i) = record[i];
    ring->used += HEAD_BYTES + (uint32_t)size;
    ++queue->next;
    return PD_OK;
}

static size_t peek(struct pd_queue* queue, uint32_t sequence, uint8_t* record) {
    const struct pd_ram_queue* const ring = ring_of(queue);
    uint32_t place = 0;
    for (uint32_t at = queue->first; at != sequence; ++at) place += bytes_at(ring, place);
    const size_t size = *byte_at(ring, place);
    for (uint32_t i = 0; i < size; ++i) record[i] = *byte_at(ring, place + HEAD_BYTES + i);
    return size;
}

static void drop_below(struct pd_queue* queue, uint32_t sequence, uint32_t lost) {
    queue->lost += lost;
    while (queue->first < sequence && queue->first < queue->next) drop_oldest(ring_of(queue));
}

static enum pd_result renew(struct pd_queue* queue, uint32_t incarnation, uint32_t lost) {
    struct pd_ram_queue* const ring = ring_of(queue);
    while (queue->first < queue->next) {
        lost += *byte_at(ring, 1);
        drop_oldest(ring);
    }
    queue->incarnation = incarnation;
    queue->first = queue->next = 1;
    queue->lost = lost;
    return PD_OK;
}

enum pd_result pd_ram_queue_init(struct pd_ram_queue* ring, uint8_t* memory, uint32_t bytes) {
    static const struct pd_queue_calls calls = {push, peek, drop_below, renew};
    if (memory == NULL || bytes < MEMORY_BYTES_MIN) return PD_INVALID;
    memset(ring, 0, sizeof *ring);
    ring->queue.calls = &calls;
    ring->queue.first = ring->queue.next = 1;
    ring->memory = memory;
    ring->capacity = bytes;
    return PD_OK;
}
