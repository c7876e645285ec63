// The SQLite VFS on the SimulatedDisk in use.
#include "simulated_disk.hpp"

#include <sqlite3.h>

#include <cstring>

namespace tests::proof {
namespace {

SimulatedDisk* disk = nullptr;

struct OpenFile {
    SimulatedDisk::File file;
    std::string name;
    bool sync_name;  // of a new file: with its first sync, as SQLite's VFS for Unix does
};

struct VfsFile {
    sqlite3_file base;
    OpenFile* open;
};

OpenFile& of(sqlite3_file* file) {
    return *reinterpret_cast<VfsFile*>(file)->open;
}

int code_of(Outcome outcome, int failed) {
    switch (outcome) {
        case Outcome::done:
            return SQLITE_OK;
        case Outcome::failed:
            return failed;
        case Outcome::full:
        case Outcome::cut_short:
            break;
    }
    return SQLITE_FULL;
}

int close(sqlite3_file* file) {
    delete reinterpret_cast<VfsFile*>(file)->open;
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
    const std::span bytes(static_cast<char*>(into), static_cast<std::size_t>(size));
    const auto outcome = disk->read(*of(file).file, static_cast<std::uint64_t>(offset), bytes);
    if (outcome == Outcome::cut_short) return SQLITE_IOERR_SHORT_READ;
    return code_of(outcome, SQLITE_IOERR_READ);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const std::string_view text(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return code_of(
        disk->write(*of(file).file, static_cast<std::uint64_t>(offset), text), SQLITE_IOERR_WRITE
    );
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const auto outcome = disk->resize(*of(file).file, static_cast<std::uint64_t>(size));
    return code_of(outcome, SQLITE_IOERR_TRUNCATE);
}

int sync(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    const int code = code_of(disk->sync(*open.file), SQLITE_IOERR_FSYNC);
    if (code != SQLITE_OK || !open.sync_name) return code;
    open.sync_name = false;
    return code_of(disk->sync_names(), SQLITE_IOERR_DIR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(file).file->seen.size());
    return SQLITE_OK;
}

int lock(sqlite3_file*, int) {
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
    return static_cast<int>(SimulatedDisk::kSectorBytes);
}

int device_characteristics(sqlite3_file*) {
    return disk->pads_log() ? 0 : SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

const sqlite3_io_methods& methods() {
    static const sqlite3_io_methods made = [] {
        sqlite3_io_methods fields{};
        fields.iVersion = 1;
        fields.xClose = close;
        fields.xRead = read;
        fields.xWrite = write;
        fields.xTruncate = truncate;
        fields.xSync = sync;
        fields.xFileSize = file_size;
        fields.xLock = lock;
        fields.xUnlock = lock;
        fields.xCheckReservedLock = check_reserved_lock;
        fields.xFileControl = file_control;
        fields.xSectorSize = sector_size;
        fields.xDeviceCharacteristics = device_characteristics;
        return fields;
    }();
    return made;
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    file->pMethods = nullptr;
    if (name == nullptr) return SQLITE_CANTOPEN;
    bool made = false;
    if (!disk->find(name)) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
        const int code = code_of(disk->create(name), SQLITE_CANTOPEN);
        if (code != SQLITE_OK) return code;
        made = true;
    }
    reinterpret_cast<VfsFile*>(file)->open = new OpenFile{disk->find(name), name, made};
    file->pMethods = &methods();
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* name, int sync_directory) {
    if (!disk->find(name)) return SQLITE_IOERR_DELETE_NOENT;
    const int code = code_of(disk->remove(name), SQLITE_IOERR_DELETE);
    if (code != SQLITE_OK || sync_directory == 0) return code;
    return code_of(disk->sync_names(), SQLITE_IOERR_DIR_FSYNC);
}

int access(sqlite3_vfs*, const char* name, int, int* there) {
    const auto file = disk->find(name);
    *there = file && !file->seen.empty() ? 1 : 0;  // an empty journal counts as none
    return SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, const char* name, int size, char* into) {
    sqlite3_snprintf(size, into, "%s", name);
    return SQLITE_OK;
}

}  // namespace

SimulatedDisk::~SimulatedDisk() {
    if (disk == this) disk = nullptr;
}

void use(SimulatedDisk& simulated) {
    disk = &simulated;
    if (sqlite3_vfs_find(kSimulatedVfs) != nullptr) return;
    static sqlite3_vfs vfs = *sqlite3_vfs_find("unix");
    vfs.zName = kSimulatedVfs;
    vfs.szOsFile = sizeof(VfsFile);
    vfs.pNext = nullptr;
    vfs.xOpen = open;
    vfs.xDelete = remove;
    vfs.xAccess = access;
    vfs.xFullPathname = full_pathname;
    sqlite3_vfs_register(&vfs, 0);
}

SimulatedDisk* disk_in_use() {
    return disk;
}

}  // namespace tests::proof
