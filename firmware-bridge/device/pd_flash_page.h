// Pages of flash as a log of messages, or of the states of pd_boot_state.h: what is written in
// them.
//
// A page begins with a head; entries follow, each from a multiple of the unit on.
//
// | head: offset | bytes | |
// |---|---|---|
// | 0 | 4 | 0x31514450 |
// | 4 | 4 | generation: counts up by one from page to page; its page is generation % pages |
// | 8 | 4 | incarnation of the queue |
// | 12 | 4 | first message that is not dropped |
// | 16 | 4 | number of the next message; the oldest entry of this page has it, if any has |
// | 20 | 4 | readings lost |
// | 24 | 4 | CRC-32 of the bytes before |
//
// | entry: offset | bytes | |
// |---|---|---|
// | 0 | 1 | 0x4d message; 0x44 dropped |
// | 1 | 1 | bytes of the content |
// | 2 | 1 | readings of the message |
// | 3 | 1 | 0 |
// | 4 | 4 | message: its number; dropped: what is below it is |
// | 8 | n | message: its record; dropped: readings lost, 4 bytes |
// | 8+n | 4 | CRC-32 of the bytes before |
#ifndef PD_FLASH_PAGE_H
#define PD_FLASH_PAGE_H

#include "passerelle_device.h"

#define PD_UNIT_BYTES_MAX 32u
#define PD_PAGE_BYTES_MIN 512u
#define PD_LOST_BYTES 4u  // content of a PD_DROPPED

enum { PD_MESSAGE = 0x4d, PD_DROPPED = 0x44 };

struct pd_page_head {
    uint32_t generation, incarnation, first, next, lost;
};

struct pd_entry {
    uint8_t kind, size, readings;
    uint32_t sequence;
    uint32_t lost;  // of a PD_DROPPED
};

// Whether its measures are within bounds.
bool pd_is_flash(const struct pd_flash* flash, uint32_t pages_min);

// Where the entries of a page begin.
uint32_t pd_entries_offset(const struct pd_flash* flash);

// What an entry with this content takes of a page.
uint32_t pd_entry_bytes(const struct pd_flash* flash, uint32_t size);

// False: the page has no head, or one that does not belong there.
bool pd_read_head(const struct pd_flash* flash, uint32_t page, struct pd_page_head* head);

// Erases the page of head->generation and writes its head.
bool pd_write_head(const struct pd_flash* flash, const struct pd_page_head* head);

// The entry at a place; copies its content if `content` is not NULL. False: there is none.
bool pd_read_entry(
    const struct pd_flash* flash,
    uint32_t generation,
    uint32_t offset,
    struct pd_entry* entry,
    uint8_t* content
);

// What the entry would have taken that began at a place and was cut short; 0: none began there.
uint32_t pd_torn_bytes(const struct pd_flash* flash, uint32_t generation, uint32_t offset);

// Returns whether the entry can be read again.
bool pd_write_entry(
    const struct pd_flash* flash,
    uint32_t generation,
    uint32_t offset,
    const struct pd_entry* entry,
    const uint8_t* content
);

// Whether the unit at this place has not been programmed.
bool pd_is_erased(const struct pd_flash* flash, uint32_t generation, uint32_t offset);

#endif
