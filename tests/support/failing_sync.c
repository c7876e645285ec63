// Loaded before a program's own libraries (LD_PRELOAD), it stands between the program and its disk.
//
//   PASSERELLE_SYNC_FAILS=FILE    the first fsync or fdatasync that finds the file removes it and
//                                 fails with EIO: whoever makes the file chooses the moment
//   PASSERELLE_SYNC_DELAY_MS=N    each of them takes so much longer, as on a slow card
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static int fails(void) {
    const char* file = getenv("PASSERELLE_SYNC_FAILS");
    return file != NULL && unlink(file) == 0;
}

static void delay(void) {
    const char* text = getenv("PASSERELLE_SYNC_DELAY_MS");
    if (text == NULL) return;
    const long milliseconds = strtol(text, NULL, 10);
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static int intercepted(const char* name, int file) {
    sync_call next;
    *(void**)&next = dlsym(RTLD_NEXT, name);
    delay();
    if (fails()) {
        errno = EIO;
        return -1;
    }
    return next(file);
}

int fsync(int file) {
    return intercepted("fsync", file);
}

int fdatasync(int file) {
    return intercepted("fdatasync", file);
}
