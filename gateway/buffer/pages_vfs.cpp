#include "gateway/buffer/pages_vfs.hpp"

#include "gateway/buffer/damaged_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <memory>

namespace gateway::buffer {
namespace {

constexpr const char* kName = "passerelle-pages";
constexpr auto kPageBytes = static_cast<sqlite3_int64>(SqliteConnection::kPageBytes);
// In the header: which way of journalling readers and writers must know.
constexpr std::size_t kWriteVersion = 18;
constexpr std::size_t kReadVersion = 19;
constexpr std::byte kWithoutLog{1};

// In the memory that SQLite provides.
struct ShownFile {
    sqlite3_file base;
    DamagedFile* pages;
};

const DamagedFile& pages_of(sqlite3_file* file) {
    return *reinterpret_cast<ShownFile*>(file)->pages;
}

int close(sqlite3_file* file) {
    const std::unique_ptr<DamagedFile> pages(reinterpret_cast<ShownFile*>(file)->pages);
    return SQLITE_OK;
}

// A page, or a part of the first one.
int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
    DamagedFile::Page page{};
    const sqlite3_int64 within = offset % kPageBytes;
    if (size < 0 || within + size > kPageBytes) return SQLITE_IOERR_READ;
    const auto number = static_cast<std::uint32_t>(offset / kPageBytes + 1);
    if (number > pages_of(file).pages()) {
        std::fill_n(static_cast<std::byte*>(into), size, std::byte{0});
        return SQLITE_IOERR_SHORT_READ;
    }
    if (!pages_of(file).read(number, page)) return SQLITE_IOERR_DATA;
    if (number == 1) page[kWriteVersion] = page[kReadVersion] = kWithoutLog;
    std::copy_n(page.begin() + within, size, static_cast<std::byte*>(into));
    return SQLITE_OK;
}

int write(sqlite3_file* /*file*/, const void* /*bytes*/, int /*size*/, sqlite3_int64 /*offset*/) {
    return SQLITE_READONLY;
}

int truncate(sqlite3_file* /*file*/, sqlite3_int64 /*size*/) {
    return SQLITE_READONLY;
}

int sync(sqlite3_file* /*file*/, int /*flags*/) {
    return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = pages_of(file).pages() * kPageBytes;
    return SQLITE_OK;
}

int lock(sqlite3_file* /*file*/, int /*level*/) {
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* /*file*/, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* /*file*/) {
    return static_cast<int>(kPageBytes);
}

int device_characteristics(sqlite3_file* /*file*/) {
    return SQLITE_IOCAP_IMMUTABLE;
}

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
    methods.xUnlock = lock;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = file_control;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    return methods;
}

// Nothing but the database is opened: there is no journal, and what is sorted stays in memory.
int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    static const sqlite3_io_methods methods = make_methods();
    file->pMethods = nullptr;
    if (name == nullptr || (flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
    auto* shown = reinterpret_cast<ShownFile*>(file);
    shown->pages = std::make_unique<DamagedFile>(name).release();
    file->pMethods = &methods;
    if (flags_out != nullptr) *flags_out = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    return SQLITE_OK;
}

int remove(sqlite3_vfs* /*vfs*/, const char* /*name*/, int /*sync_directory*/) {
    return SQLITE_IOERR_DELETE;
}

// Of journal and log: there are none.
int access(sqlite3_vfs* /*vfs*/, const char* /*name*/, int /*flags*/, int* answer) {
    *answer = 0;
    return SQLITE_OK;
}

sqlite3_vfs make_vfs(const sqlite3_vfs& base) {
    sqlite3_vfs vfs = base;  // time, randomness and full names are the system's
    vfs.zName = kName;
    vfs.szOsFile = static_cast<int>(sizeof(ShownFile));
    vfs.pNext = nullptr;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    return vfs;
}

}  // namespace

std::string pages_vfs() {
    static const bool registered = [] {
        const sqlite3_vfs* base = sqlite3_vfs_find(nullptr);
        if (base == nullptr) return false;
        static sqlite3_vfs vfs = make_vfs(*base);
        return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
    }();
    return registered ? kName : std::string();
}

}  // namespace gateway::buffer
