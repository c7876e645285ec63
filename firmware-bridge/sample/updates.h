// Updates and settings of the sample.
#ifndef UPDATES_H
#define UPDATES_H

#include "passerelle_device.h"

// What pd_init is given. `restart` is called until it does not return any more.
struct pd_update* updates_open(void (*restart)(void* context));

// 0: no settings have come.
uint32_t updates_reporting_interval_s(void);

#endif
