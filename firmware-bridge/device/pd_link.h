// What pd_link.c, pd_send.c and pd_update.c share.
#ifndef PD_LINK_H
#define PD_LINK_H

#include "passerelle_device.h"
#include "pd_frame.h"

// Asks the clock. Everything below goes by `link->now`. Returns the milliseconds since the last
// time.
uint32_t pd_link_tick(struct pd_link* link);

// The same behind what may have written to flash, or verified a signature. Where that took longer
// than a node may take to begin its turn, what came meanwhile is old, and another node may have the
// turn: until it is read, no POLL is answered.
void pd_link_look_up(struct pd_link* link);

// The next thing to say is HELLO, at once.
void pd_link_forget_session(struct pd_link* link);

// Makes the queue anew, as another incarnation.
enum pd_result pd_link_renew_queue(struct pd_link* link);

// Where the payload of the next frame goes, and that frame on its way. Only while none is.
uint8_t* pd_link_payload(struct pd_link* link);
void pd_link_put(struct pd_link* link, uint8_t type, uint32_t sequence, size_t payload_bytes);

// What the link asks of updates: by pointers, so that a firmware without them does not have them.
struct pd_update_calls {
    // Appends to a HELLO; returns how many bytes.
    size_t (*hello)(const struct pd_update* update, uint8_t* payload);
    // A frame of the session from the gateway; false: it is not of updates.
    bool (*take
    )(struct pd_link* link, const struct pd_head* head, const uint8_t* payload, size_t bytes);
    // The gateway has everything below.
    void (*acknowledged)(struct pd_link* link, uint32_t below);
    // At every poll.
    void (*work)(struct pd_link* link);
    // Puts a frame, if one is due; returns whether.
    bool (*say)(struct pd_link* link);
};

#endif
