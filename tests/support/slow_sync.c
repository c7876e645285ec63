/* A disk whose flushes are slow, as those of an SD card are: preloaded into a program, it makes
 * each fsync(2) and fdatasync(2) take SLOW_SYNC_MS milliseconds longer. SLOW_SYNC_MS=10
 * LD_PRELOAD=…/libslow_sync.so program What a program without dynamic symbols or with io_uring does
 * stays as fast as it is. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

enum { kDelayMsMax = 10 * 1000 };

typedef int (*Sync)(int descriptor);

static struct timespec delay;

__attribute__((constructor)) static void read_delay(void) {
    const char* text = getenv("SLOW_SYNC_MS");
    long milliseconds = text != NULL ? strtol(text, NULL, 10) : 0;
    if (milliseconds < 0) milliseconds = 0;
    if (milliseconds > kDelayMsMax) milliseconds = kDelayMsMax;
    delay.tv_sec = milliseconds / 1000;
    delay.tv_nsec = milliseconds % 1000 * 1000000;
}

static int sync_slowly(const char* name, int descriptor) {
    Sync next;
    struct timespec left = delay;
    *(void**)&next = dlsym(RTLD_NEXT, name);
    if (next == NULL) {
        errno = ENOSYS;
        return -1;
    }
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
    return next(descriptor);
}

int fsync(int descriptor) {
    return sync_slowly("fsync", descriptor);
}

int fdatasync(int descriptor) {
    return sync_slowly("fdatasync", descriptor);
}
