#include "gateway/buffer/checked_vfs.hpp"

#include "gateway/buffer/page_checksum.hpp"
#include "gateway/buffer/page_gap.hpp"
#include "gateway/buffer/sqlite_connection.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>

namespace gateway::buffer {
namespace {

// SQLite reads the file's header alone, and in it the counter of changes, to see whether the pages
// that it keeps are still good. Whatever is longer is a page.
constexpr int kHeaderBytes = 100;

constexpr int kPageBytes = static_cast<int>(SqliteConnection::kPageBytes);

// A database file; the base's file lies behind it in the memory that SQLite provides.
struct CheckedFile {
    sqlite3_file base;
};

sqlite3_file* inner(sqlite3_file* file) {
    return reinterpret_cast<sqlite3_file*>(reinterpret_cast<CheckedFile*>(file) + 1);
}

std::uint32_t page_number(sqlite3_int64 offset) {
    return static_cast<std::uint32_t>(offset / kPageBytes + 1);
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
    const int code = inner(file)->pMethods->xRead(inner(file), into, size, offset);
    if (size <= kHeaderBytes || (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)) return code;
    // Another size: the header says something else than it was written with.
    if (size != kPageBytes || offset % kPageBytes != 0) return SQLITE_IOERR_DATA;
    const std::span page(static_cast<const std::byte*>(into), static_cast<std::size_t>(size));
    return is_intact(page, page_number(offset)) ? code : SQLITE_IOERR_DATA;
}

// What a log adds to the file at once is far below as much again.
bool has_tellable_pages(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    if (inner(file)->pMethods->xFileSize(inner(file), &size) != SQLITE_OK) return false;
    return static_cast<std::uint64_t>(size) / SqliteConnection::kPageBytes <= kTellablePages;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    if (size != kPageBytes || offset % kPageBytes != 0) return SQLITE_IOERR_WRITE;
    std::array<std::byte, SqliteConnection::kPageBytes> page{};
    std::copy_n(static_cast<const std::byte*>(bytes), size, page.begin());
    if (has_tellable_pages(file)) wipe_gap(page, page_number(offset));
    seal_page(page, page_number(offset));
    return inner(file)->pMethods->xWrite(inner(file), page.data(), size, offset);
}

int close(sqlite3_file* file) {
    return inner(file)->pMethods->xClose(inner(file));
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    return inner(file)->pMethods->xTruncate(inner(file), size);
}

int sync(sqlite3_file* file, int flags) {
    return inner(file)->pMethods->xSync(inner(file), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
}

int lock(sqlite3_file* file, int level) {
    return inner(file)->pMethods->xLock(inner(file), level);
}

int unlock(sqlite3_file* file, int level) {
    return inner(file)->pMethods->xUnlock(inner(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* reserved) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), reserved);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
    return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}

int sector_size(sqlite3_file* file) {
    return inner(file)->pMethods->xSectorSize(inner(file));
}

int device_characteristics(sqlite3_file* file) {
    return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

// Of the first version: there is no shared memory for the log's index, which the exclusive lock
// makes needless, and no mapping of the file, which would pass by the checksums.
sqlite3_io_methods make_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;
    methods.xClose = close;
    methods.xRead = read;
    methods.xWrite = write;
    methods.xTruncate = truncate;
    methods.xSync = sync;
    methods.xFileSize = file_size;
    methods.xLock = lock;
    methods.xUnlock = unlock;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = file_control;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    return methods;
}

sqlite3_vfs* base_of(sqlite3_vfs* vfs) {
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    return base_of(vfs)->xDelete(base_of(vfs), name, sync_directory);
}

int access(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    return base_of(vfs)->xAccess(base_of(vfs), name, flags, answer);
}

int full_pathname(sqlite3_vfs* vfs, const char* name, int size, char* into) {
    return base_of(vfs)->xFullPathname(base_of(vfs), name, size, into);
}

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    static const sqlite3_io_methods methods = make_methods();
    sqlite3_vfs* base = base_of(vfs);
    // The log and the journal have checksums of their own.
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return base->xOpen(base, name, file, flags, flags_out);
    file->pMethods = nullptr;
    const int code = base->xOpen(base, name, inner(file), flags, flags_out);
    if (code == SQLITE_OK) file->pMethods = &methods;
    return code;
}

struct Registered {
    sqlite3_vfs vfs{};
    std::string name;
};

// Everything else, time and the like, is the base's own and looks at no file.
std::unique_ptr<Registered> make_checked(sqlite3_vfs* base) {
    auto made = std::make_unique<Registered>();
    made->name = std::string("checked-").append(base->zName);
    made->vfs = *base;
    made->vfs.zName = made->name.c_str();
    made->vfs.szOsFile = static_cast<int>(sizeof(CheckedFile)) + base->szOsFile;
    made->vfs.pNext = nullptr;
    made->vfs.pAppData = base;
    made->vfs.xOpen = open;
    made->vfs.xDelete = remove;
    made->vfs.xAccess = access;
    made->vfs.xFullPathname = full_pathname;
    return made;
}

}  // namespace

std::string checked_vfs(const std::string& base) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Registered>> registered;
    const std::lock_guard lock(mutex);
    sqlite3_vfs* found = sqlite3_vfs_find(base.empty() ? nullptr : base.c_str());
    if (found == nullptr) return {};
    auto& made = registered[found->zName];
    if (!made) {
        made = make_checked(found);
        if (sqlite3_vfs_register(&made->vfs, 0) != SQLITE_OK) made.reset();
    }
    return made ? made->name : std::string();
}

}  // namespace gateway::buffer
