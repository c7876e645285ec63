// What pd_update.c, pd_judge.c and pd_fetch.c share.
#ifndef PD_UPDATE_H
#define PD_UPDATE_H

#include "pd_boot_state.h"
#include "pd_manifest.h"

// ---- pd_judge.c

// NodeUpdateState.Cause: why this node does not take what the manifest says; 0: it does. The
// signature comes first.
uint8_t pd_judge(struct pd_link* link, const struct pd_manifest* manifest);

// Whether the date has passed, as far as the node knows the time.
bool pd_is_expired(struct pd_link* link, uint64_t expires_unix_s);

// ---- pd_fetch.c

// Begins with an image that was judged, or goes on if it is under way already. False: the record
// cannot be written.
bool pd_fetch_begin(struct pd_update* update, const struct pd_manifest* manifest);

// After a start. The record may know of more than whole pages, of which the last would be
// programmed on without an erasure.
void pd_fetch_resume(struct pd_update* update);

// How many bytes are to be asked for, from `have` on; 0: none.
uint32_t pd_fetch_wanted(const struct pd_update* update);

// Takes what was asked for. False: the flash failed.
bool pd_fetch_take(struct pd_update* update, const uint8_t* bytes, uint32_t count);

// Goes on with the digest of an image that is whole; true once it is known, and then whether it is
// the one that was signed.
bool pd_fetch_verify(struct pd_update* update, bool* is_signed);

#endif
