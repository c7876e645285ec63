#include "gateway/doctor/disk_checks.hpp"

#include "gateway/doctor/card_checks.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/status/words.hpp"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace gateway::doctor {
namespace {

using language::tr;
using model::translatable;
using status::bytes_words;

constexpr std::uint64_t kPercentFreeMin = 5;
constexpr std::int64_t kFat = 0x4d44;  // of <linux/magic.h>, by the names of the others

Check space(const std::string& path, const FileSystem& disk, std::uint64_t wanted) {
    constexpr const char* kCode = "disk-space";
    const auto free = bytes_words(disk.bytes_free);
    const auto all = bytes_words(disk.bytes);
    const auto look =
        tr("find what fills it (du -xh / | sort -h | tail), remove it, or move "
           "'path' in [buffer] to a larger disk");
    if (disk.bytes_free < kFreeBytesMin) {
        return {
            kCode,
            Severity::failure,
            tr("The disk of {0} is full: {1} of {2} are free.", {path, free, all}),
            tr("Readings are refused, or the oldest are lost."),
            look};
    }
    if (disk.bytes_free < wanted) {
        return {
            kCode,
            Severity::warning,
            tr("{0} of {1} are free on the disk of {2}; the buffer may still grow by {3}.",
               {free, all, path, bytes_words(wanted)}),
            tr("In a long outage the disk is full before the buffer is."),
            tr("make room, or write a smaller size_max in [buffer]")};
    }
    if (disk.bytes_free < disk.bytes / 100 * kPercentFreeMin) {
        return {
            kCode,
            Severity::warning,
            tr("{0} of {1} are free on the disk of {2}.", {free, all, path}),
            tr("What else grows on this disk soon leaves no room for readings."),
            look};
    }
    return in_order(kCode, tr("{0} of {1} are free on the disk of {2}.", {free, all, path}));
}

Check inodes(const std::string& path, const FileSystem& disk) {
    constexpr const char* kCode = "disk-inodes";
    if (disk.inodes > 0 && disk.inodes_free < kFreeInodesMin) {
        return {
            kCode,
            Severity::failure,
            tr("The disk of {0} can take {1} more files only.",
               {path, std::to_string(disk.inodes_free)}),
            tr("The gateway cannot make the files that it needs, whatever room there is."),
            tr("find the directory with too many files (du --inodes -x / | sort -n | tail) and "
               "empty it")};
    }
    return in_order(kCode, tr("The disk of {0} can take more files.", {path}));
}

Check writable(const std::string& path, const FileSystem& disk) {
    constexpr const char* kCode = "disk-read-only";
    if (!disk.is_read_only)
        return in_order(kCode, tr("The disk of {0} can be written to.", {path}));
    return {
        kCode,
        Severity::failure,
        tr("The disk of {0} is mounted read-only.", {path}),
        tr("Nothing can be stored. The kernel does this when a disk or card fails."),
        tr("look for its reason (dmesg | grep -i -e mmc -e ext4 -e 'I/O error'); replace the card "
           "if it fails, otherwise run: mount -o remount,rw, and correct /etc/fstab")};
}

struct Kind {
    std::int64_t type;
    Severity severity;
    const char* name;
    const char* consequence;
};

constexpr std::array kKinds{
    Kind{
        TMPFS_MAGIC,
        Severity::warning,
        "tmpfs",
        translatable("It is in memory: what is stored is lost when the power goes.")},
    Kind{
        OVERLAYFS_SUPER_MAGIC,
        Severity::notice,
        "overlay",
        translatable("If its upper layer is in memory, what is stored is lost when the power goes."
        )},
    Kind{
        kFat,
        Severity::warning,
        "vfat",
        translatable("It knows no owners: every user can read the keys and the readings.")},
    Kind{
        NFS_SUPER_MAGIC,
        Severity::warning,
        "nfs",
        translatable("It is on the network: a sync there promises less, and waits for the link.")},
    Kind{
        SMB2_SUPER_MAGIC,
        Severity::warning,
        "cifs",
        translatable("It is on the network: a sync there promises less, and waits for the link.")}};

Check kind(const std::string& path, const FileSystem& disk) {
    constexpr const char* kCode = "disk-file-system";
    const auto* known = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) {
        return one.type == disk.type;
    });
    if (known == kKinds.end())
        return in_order(kCode, tr("The file system of {0} keeps what is synced.", {path}));
    return {
        kCode,
        known->severity,
        tr("The file system of {0} is {1}.", {path, known->name}),
        tr(known->consequence),
        tr("write a 'path' in [buffer] and a 'state_directory' in [gateway] that are on a local "
           "ext4 file system")};
}

}  // namespace

std::string existing(const std::string& path) {
    std::filesystem::path found = path;
    std::error_code failure;
    while (!std::filesystem::exists(found, failure) && found.has_relative_path())
        found = found.parent_path();
    return found.empty() ? std::string{"."} : found.string();
}

std::optional<FileSystem> read_file_system(const std::string& directory) {
    struct statvfs figures {};
    struct statfs kind {};
    const bool is_told =
        ::statvfs(directory.c_str(), &figures) == 0 && ::statfs(directory.c_str(), &kind) == 0;
    if (!is_told) return std::nullopt;
    FileSystem found;
    found.bytes = std::uint64_t{figures.f_blocks} * figures.f_frsize;
    found.bytes_free = std::uint64_t{figures.f_bavail} * figures.f_frsize;
    found.inodes = figures.f_files;
    found.inodes_free = figures.f_favail;
    found.is_read_only = (figures.f_flag & ST_RDONLY) != 0;
    found.type = kind.f_type;
    return found;
}

Checks judge_file_system(
    const std::string& path, const FileSystem& file_system, std::uint64_t wanted
) {
    return {
        space(path, file_system, wanted),
        inodes(path, file_system),
        writable(path, file_system),
        kind(path, file_system)};
}

Checks check_disk(const std::string& path, std::uint64_t wanted, const Places& places) {
    const std::string there = existing(path);
    const auto file_system = read_file_system(there);
    struct stat status {};
    if (!file_system || ::stat(there.c_str(), &status) != 0)
        return {skipped("disk-space", tr("The system does not tell about {0}.", {there}))};
    Checks checks = judge_file_system(path, *file_system, wanted);
    append(checks, check_card(status.st_dev, places));
    return checks;
}

}  // namespace gateway::doctor
