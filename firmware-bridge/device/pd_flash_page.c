#include "pd_flash_page.h"

#include "pd_frame.h"

#include <string.h>

#define MAGIC 0x31514450u
#define HEAD_BYTES 28u
#define ENTRY_HEAD_BYTES 8u
#define CHUNK_BYTES 32u  // read or programmed at once; a multiple of every unit

bool pd_is_flash(const struct pd_flash* flash, uint32_t pages_min) {
    const uint32_t unit = flash->unit_bytes;
    return flash->pages >= pages_min && unit >= 1 && unit <= PD_UNIT_BYTES_MAX &&
           (unit & (unit - 1)) == 0 && flash->page_bytes >= PD_PAGE_BYTES_MIN &&
           flash->page_bytes % unit == 0;
}

static uint32_t whole_units(const struct pd_flash* flash, uint32_t bytes) {
    return (bytes + flash->unit_bytes - 1) / flash->unit_bytes * flash->unit_bytes;
}

uint32_t pd_entry_bytes(const struct pd_flash* flash, uint32_t size) {
    return whole_units(flash, ENTRY_HEAD_BYTES + size + PD_CRC_BYTES);
}

static uint32_t address_of(const struct pd_flash* flash, uint32_t generation, uint32_t offset) {
    return generation % flash->pages * flash->page_bytes + offset;
}

bool pd_read_head(const struct pd_flash* flash, uint32_t page, struct pd_page_head* head) {
    uint8_t bytes[HEAD_BYTES];
    if (!flash->read(flash->context, page * flash->page_bytes, bytes, HEAD_BYTES)) return false;
    head->generation = pd_get_u32(bytes + 4);
    head->incarnation = pd_get_u32(bytes + 8);
    head->first = pd_get_u32(bytes + 12);
    head->next = pd_get_u32(bytes + 16);
    head->lost = pd_get_u32(bytes + 20);
    return pd_get_u32(bytes) == MAGIC && head->generation % flash->pages == page &&
           pd_crc32(0, bytes, HEAD_BYTES - PD_CRC_BYTES) ==
               pd_get_u32(bytes + HEAD_BYTES - PD_CRC_BYTES);
}

static bool read_entry_head(
    const struct pd_flash* flash,
    uint32_t generation,
    uint32_t offset,
    struct pd_entry* entry,
    uint8_t* head
) {
    const uint32_t address = address_of(flash, generation, offset);
    if (offset + ENTRY_HEAD_BYTES > flash->page_bytes ||
        !flash->read(flash->context, address, head, ENTRY_HEAD_BYTES)) {
        return false;
    }
    entry->kind = head[0];
    entry->size = head[1];
    entry->readings = head[2];
    entry->sequence = pd_get_u32(head + 4);
    if (entry->kind == PD_DROPPED && entry->size != PD_LOST_BYTES) return false;
    return (entry->kind == PD_MESSAGE || entry->kind == PD_DROPPED) &&
           entry->size <= PD_RECORD_BYTES_MAX &&
           offset + pd_entry_bytes(flash, entry->size) <= flash->page_bytes;
}

uint32_t pd_torn_bytes(const struct pd_flash* flash, uint32_t generation, uint32_t offset) {
    uint8_t head[ENTRY_HEAD_BYTES];
    struct pd_entry entry;
    const bool began = read_entry_head(flash, generation, offset, &entry, head);
    return began ? pd_entry_bytes(flash, entry.size) : 0;
}

bool pd_read_entry(
    const struct pd_flash* flash,
    uint32_t generation,
    uint32_t offset,
    struct pd_entry* entry,
    uint8_t* content
) {
    uint8_t chunk[CHUNK_BYTES];
    uint32_t address = address_of(flash, generation, offset);
    if (!read_entry_head(flash, generation, offset, entry, chunk)) return false;
    uint32_t crc = pd_crc32(0, chunk, ENTRY_HEAD_BYTES);
    address += ENTRY_HEAD_BYTES;
    for (uint32_t done = 0; done < entry->size;) {
        const uint32_t left = entry->size - done;
        const uint32_t count = left < CHUNK_BYTES ? left : CHUNK_BYTES;
        if (!flash->read(flash->context, address + done, chunk, count)) return false;
        if (entry->kind == PD_DROPPED) entry->lost = pd_get_u32(chunk);
        if (content != NULL) memcpy(content + done, chunk, count);
        crc = pd_crc32(crc, chunk, count);
        done += count;
    }
    return flash->read(flash->context, address + entry->size, chunk, PD_CRC_BYTES) &&
           crc == pd_get_u32(chunk);
}

// Bytes to be programmed one after the other, in whole chunks until the last.
struct writer {
    const struct pd_flash* flash;
    uint32_t address, held, crc;
    bool ok;
    uint8_t chunk[CHUNK_BYTES];
};

static void put(struct writer* writer, const uint8_t* bytes, uint32_t count) {
    writer->crc = pd_crc32(writer->crc, bytes, count);
    for (uint32_t i = 0; i < count; ++i) {
        writer->chunk[writer->held++] = bytes[i];
        if (writer->held < CHUNK_BYTES) continue;
        writer->ok =
            writer->ok && writer->flash->program(
                              writer->flash->context, writer->address, writer->chunk, CHUNK_BYTES
                          );
        writer->address += CHUNK_BYTES;
        writer->held = 0;
    }
}

static void put_u32(struct writer* writer, uint32_t value) {
    uint8_t bytes[4];
    pd_put_u32(bytes, value);
    put(writer, bytes, sizeof bytes);
}

static bool finish(struct writer* writer) {
    put_u32(writer, writer->crc);
    if (writer->held == 0 || !writer->ok) return writer->ok;
    const uint32_t count = whole_units(writer->flash, writer->held);
    memset(writer->chunk + writer->held, 0xff, count - writer->held);
    return writer->flash->program(writer->flash->context, writer->address, writer->chunk, count);
}

bool pd_write_head(const struct pd_flash* flash, const struct pd_page_head* head) {
    const uint32_t values[] = {
        MAGIC, head->generation, head->incarnation, head->first, head->next, head->lost};
    struct writer writer = {flash, address_of(flash, head->generation, 0), 0, 0, true, {0}};
    struct pd_page_head written;
    if (!flash->erase(flash->context, head->generation % flash->pages)) return false;
    for (unsigned i = 0; i < sizeof values / sizeof *values; ++i) put_u32(&writer, values[i]);
    return finish(&writer) && pd_read_head(flash, head->generation % flash->pages, &written) &&
           written.generation == head->generation;
}

bool pd_write_entry(
    const struct pd_flash* flash,
    uint32_t generation,
    uint32_t offset,
    const struct pd_entry* entry,
    const uint8_t* content
) {
    const uint8_t head[4] = {entry->kind, entry->size, entry->readings, 0};
    struct writer writer = {flash, address_of(flash, generation, offset), 0, 0, true, {0}};
    struct pd_entry written;
    put(&writer, head, sizeof head);
    put_u32(&writer, entry->sequence);
    put(&writer, content, entry->size);
    return finish(&writer) && pd_read_entry(flash, generation, offset, &written, NULL);
}

bool pd_is_erased(const struct pd_flash* flash, uint32_t generation, uint32_t offset) {
    uint8_t unit[PD_UNIT_BYTES_MAX];
    const uint32_t address = address_of(flash, generation, offset);
    if (!flash->read(flash->context, address, unit, flash->unit_bytes)) return false;
    for (uint32_t i = 0; i < flash->unit_bytes; ++i) {
        if (unit[i] != 0xff) return false;
    }
    return true;
}

uint32_t pd_entries_offset(const struct pd_flash* flash) {
    return whole_units(flash, HEAD_BYTES);
}
