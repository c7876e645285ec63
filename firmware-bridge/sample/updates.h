// Updates and settings of the sample.
#ifndef UPDATES_H
#define UPDATES_H

#include "passerelle_device.h"

// What pd_init is given. `restart` is that of struct pd_update_config.
struct pd_update* updates_open(void (*restart)(void* context, bool must));

// 0: no settings have come.
uint32_t updates_reporting_interval_s(void);

#endif
