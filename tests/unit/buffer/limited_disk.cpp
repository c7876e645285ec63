#include "limited_disk.hpp"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <filesystem>

namespace tests::buffer {
namespace {

LimitedDisk* disk_in_use = nullptr;

// The system's methods: the database's know locks, those of its log do not.
struct Methods {
    const sqlite3_io_methods* system = nullptr;
    sqlite3_io_methods limited{};
};
Methods of_database;
Methods of_log;

template <Methods& methods>
int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    sqlite3_int64 before = 0;
    methods.system->xFileSize(file, &before);
    const sqlite3_int64 growth = offset + size - before;
    if (growth > 0 &&
        disk_in_use->bytes() + static_cast<std::uint64_t>(growth) > disk_in_use->bytes_max)
        return SQLITE_FULL;
    return methods.system->xWrite(file, bytes, size, offset);
}

// The system's file, but for the way it is written.
int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    sqlite3_vfs* real = sqlite3_vfs_find("unix");
    const int code = real->xOpen(real, name, file, flags, flags_out);
    if (code != SQLITE_OK) return code;
    const bool database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    Methods& methods = database ? of_database : of_log;
    methods.system = file->pMethods;
    methods.limited = *file->pMethods;
    methods.limited.xWrite = database ? write<of_database> : write<of_log>;
    file->pMethods = &methods.limited;
    return SQLITE_OK;
}

}  // namespace

LimitedDisk::~LimitedDisk() {
    if (disk_in_use == this) disk_in_use = nullptr;
}

void LimitedDisk::use() {
    disk_in_use = this;
    if (sqlite3_vfs_find(kLimitedDisk) != nullptr) return;
    static sqlite3_vfs limited = *sqlite3_vfs_find("unix");
    limited.zName = kLimitedDisk;
    limited.xOpen = open;
    limited.pNext = nullptr;
    sqlite3_vfs_register(&limited, 0);
}

std::uint64_t LimitedDisk::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory)) sum += file.file_size();
    return sum;
}

}  // namespace tests::buffer

// The names are the linker's.
extern "C" {

int __real_statvfs(const char* path, struct statvfs* disk);

int __wrap_statvfs(const char* path, struct statvfs* disk) {
    const int code = __real_statvfs(path, disk);
    const auto* limited = tests::buffer::disk_in_use;
    if (code != 0 || limited == nullptr) return code;
    const std::uint64_t taken = std::min(limited->bytes(), limited->bytes_max);
    disk->f_bavail = (limited->bytes_max - taken) / disk->f_frsize;
    return code;
}

}  // extern "C"
