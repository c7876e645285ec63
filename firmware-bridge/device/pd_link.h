// What pd_link.c and pd_send.c share.
#ifndef PD_LINK_H
#define PD_LINK_H

#include "passerelle_device.h"

// Asks the clock. Everything below goes by `link->now`.
void pd_link_tick(struct pd_link* link);

// The next thing to say is HELLO, at once.
void pd_link_forget_session(struct pd_link* link);

// Makes the queue anew, as another incarnation.
enum pd_result pd_link_renew_queue(struct pd_link* link);

#endif
