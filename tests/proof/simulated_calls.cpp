// The system calls by which the store reaches the files beside its database. The linker sends this
// executable's own calls here (--wrap); those for paths of the SimulatedDisk stay here.
#include "simulated_disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

using namespace tests::proof;

namespace {

constexpr int kFirstDescriptor = 1 << 20;  // no real descriptor is that large

struct Descriptor {
    SimulatedDisk::File file;  // none: the directory
    std::uint64_t offset = 0;
};

std::map<int, Descriptor>& descriptors() {
    static std::map<int, Descriptor> open;
    return open;
}

Descriptor* find(int number) {
    if (number < kFirstDescriptor) return nullptr;
    const auto found = descriptors().find(number);
    return found == descriptors().end() ? nullptr : &found->second;
}

bool is_simulated(const char* path) {
    const auto* disk = disk_in_use();
    return disk != nullptr && (disk->is_directory(path) || disk->holds(path));
}

int fail(int error) {
    errno = error;
    return -1;
}

int answer(Outcome outcome) {
    if (outcome == Outcome::done) return 0;
    return fail(outcome == Outcome::failed ? EIO : ENOSPC);
}

int open_simulated(const std::string& path, int flags) {
    SimulatedDisk& disk = *disk_in_use();
    static int last = kFirstDescriptor;
    Descriptor made;
    if (!disk.is_directory(path)) {
        if (!disk.find(path)) {
            if ((flags & O_CREAT) == 0) return fail(ENOENT);
            if (const auto outcome = disk.create(path); outcome != Outcome::done)
                return answer(outcome);
        }
        made.file = disk.find(path);
        if ((flags & O_TRUNC) != 0 && !made.file->seen.empty()) {
            if (const auto outcome = disk.resize(*made.file, 0); outcome != Outcome::done)
                return answer(outcome);
        }
    }
    descriptors()[++last] = made;
    return last;
}

}  // namespace

// The names are the linker's.
// NOLINTBEGIN
extern "C" {

int __real_open(const char* path, int flags, ...);
int __real_close(int number);
ssize_t __real_read(int number, void* into, size_t size);
ssize_t __real_pread(int number, void* into, size_t size, off_t offset);
ssize_t __real_write(int number, const void* bytes, size_t size);
off_t __real_lseek(int number, off_t offset, int from);
int __real_fstat(int number, struct stat* into);
int __real_fsync(int number);
int __real_posix_fallocate(int number, off_t offset, off_t size);
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_access(const char* path, int mode);

int __wrap_open(const char* path, int flags, ...) {
    if (is_simulated(path)) return open_simulated(path, flags);
    va_list rest;
    va_start(rest, flags);
    const int mode = va_arg(rest, int);
    va_end(rest);
    return __real_open(path, flags, mode);
}

int __wrap_close(int number) {
    if (number < kFirstDescriptor) return __real_close(number);
    descriptors().erase(number);
    return 0;
}

ssize_t __wrap_pread(int number, void* into, size_t size, off_t offset) {
    const Descriptor* at = find(number);
    if (at == nullptr) return __real_pread(number, into, size, offset);
    const auto from = static_cast<std::uint64_t>(offset);
    const auto& seen = at->file->seen;
    const auto outcome =
        disk_in_use()->read(*at->file, from, std::span(static_cast<char*>(into), size));
    if (outcome == Outcome::failed) return fail(EIO);
    if (from >= seen.size()) return 0;
    return static_cast<ssize_t>(std::min<std::uint64_t>(size, seen.size() - from));
}

ssize_t __wrap_read(int number, void* into, size_t size) {
    Descriptor* at = find(number);
    if (at == nullptr) return __real_read(number, into, size);
    const ssize_t got = __wrap_pread(number, into, size, static_cast<off_t>(at->offset));
    if (got > 0) at->offset += static_cast<std::uint64_t>(got);
    return got;
}

ssize_t __wrap_write(int number, const void* bytes, size_t size) {
    Descriptor* at = find(number);
    if (at == nullptr) return __real_write(number, bytes, size);
    const std::string_view text(static_cast<const char*>(bytes), size);
    const auto outcome = disk_in_use()->write(*at->file, at->offset, text);
    if (outcome == Outcome::failed || outcome == Outcome::full) return answer(outcome);
    const size_t written = outcome == Outcome::done ? size : size / 2;
    at->offset += written;
    return static_cast<ssize_t>(written);
}

int __wrap_fstat(int number, struct stat* into) {
    const Descriptor* simulated = find(number);
    if (simulated == nullptr) return __real_fstat(number, into);
    *into = {};
    into->st_mode = simulated->file ? S_IFREG | 0600 : S_IFDIR | 0700;
    if (simulated->file) into->st_size = static_cast<off_t>(simulated->file->seen.size());
    return 0;
}

off_t __wrap_lseek(int number, off_t offset, int from) {
    const Descriptor* at = find(number);
    if (at == nullptr) return __real_lseek(number, offset, from);
    return static_cast<off_t>(at->file->seen.size());  // only ever asked for the end
}

int __wrap_fsync(int number) {
    const Descriptor* at = find(number);
    if (at == nullptr) return __real_fsync(number);
    return answer(at->file ? disk_in_use()->sync(*at->file) : disk_in_use()->sync_names());
}

int __wrap_posix_fallocate(int number, off_t offset, off_t size) {
    const Descriptor* at = find(number);
    if (at == nullptr) return __real_posix_fallocate(number, offset, size);
    const auto end = static_cast<std::uint64_t>(offset + size);
    if (end <= at->file->seen.size()) return 0;
    return disk_in_use()->resize(*at->file, end) == Outcome::done ? 0 : ENOSPC;
}

int __wrap_rename(const char* from, const char* to) {
    if (!is_simulated(from)) return __real_rename(from, to);
    if (!disk_in_use()->find(from)) return fail(ENOENT);
    return answer(disk_in_use()->rename(from, to));
}

int __wrap_unlink(const char* path) {
    if (!is_simulated(path)) return __real_unlink(path);
    if (!disk_in_use()->find(path)) return fail(ENOENT);
    return answer(disk_in_use()->remove(path));
}

int __wrap_access(const char* path, int mode) {
    if (!is_simulated(path)) return __real_access(path, mode);
    return disk_in_use()->find(path) ? 0 : fail(ENOENT);
}

}  // extern "C"
// NOLINTEND
