// Loaded before a program's own libraries (LD_PRELOAD), it is a disk that does not answer: whoever
// asks for a path that begins with PASSERELLE_HANGS, by stat, access or open, waits for ever.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void hang_at(const char* path) {
    const char* beginning = getenv("PASSERELLE_HANGS");
    if (beginning == NULL || strncmp(path, beginning, strlen(beginning)) != 0) return;
    for (;;) pause();
}

int stat(const char* restrict path, struct stat* restrict status) {
    hang_at(path);
    return fstatat(AT_FDCWD, path, status, 0);
}

int access(const char* path, int mode) {
    hang_at(path);
    return faccessat(AT_FDCWD, path, mode, 0);
}

int open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, int) : 0;
    va_end(more);
    hang_at(path);
    return openat(AT_FDCWD, path, flags, mode);
}
