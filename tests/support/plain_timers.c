// Loaded before libfaketime (LD_PRELOAD), which takes absolute times of the monotonic clock for
// dates that it has to change, also where it leaves that clock alone: a timer that is due already
// would wait for decades. Timers are the kernel's here.
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

int timerfd_settime(
    int timer, int flags, const struct itimerspec* next, struct itimerspec* before
) {
    return (int)syscall(SYS_timerfd_settime, timer, flags, next, before);
}
