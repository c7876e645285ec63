#include "gateway/doctor/card_checks.hpp"

#include "gateway/doctor/block_device.hpp"
#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace gateway::doctor {
namespace {

using language::tr;

constexpr unsigned kWornTenths = 0x0b;  // over its life time
constexpr unsigned kWearingTenths = 0x09;
constexpr unsigned kSpareWarning = 0x02;
constexpr unsigned kSpareUrgent = 0x03;

std::vector<unsigned> hexadecimal(const std::string& text) {
    std::vector<unsigned> numbers;
    std::istringstream words(text);
    unsigned number = 0;
    while (words >> std::hex >> number) numbers.push_back(number);
    return numbers;
}

Check errors(const BlockDevice& device, const std::string& sys) {
    constexpr const char* kCode = "disk-errors";
    const auto count = read_number(sys + "/fs/ext4/" + device.name + "/errors_count");
    if (!count) return skipped(kCode, tr("Only ext4 counts its errors."));
    if (*count == 0) return in_order(kCode, tr("ext4 has found no error on {0}.", {device.name}));
    return {
        kCode,
        Severity::failure,
        tr("ext4 has found {0} errors on {1}.", {std::to_string(*count), device.name}),
        tr("Files may be damaged, and more will be."),
        tr("plan to replace the card or disk; at the next start let it be checked: add "
           "fsck.mode=force to the kernel's command line")};
}

// The line of the mounted file system in /proc/self/mountinfo.
std::string mount_options(dev_t number, const std::string& proc) {
    const auto text = read_small_file(proc + "/self/mountinfo");
    const std::string wanted = ' ' + std::to_string(gnu_dev_major(number)) + ':' +
                               std::to_string(gnu_dev_minor(number)) + ' ';
    std::istringstream lines(text.value_or(""));
    for (std::string line; std::getline(lines, line);) {
        if (line.find(wanted) != std::string::npos) return line;
    }
    return {};
}

Check barriers(const BlockDevice& device, const std::string& options) {
    constexpr const char* kCode = "disk-barriers";
    const bool is_off = options.find("nobarrier") != std::string::npos ||
                        options.find("barrier=0") != std::string::npos;
    if (!is_off) return in_order(kCode, tr("A sync goes through to {0}.", {device.disk}));
    return {
        kCode,
        Severity::failure,
        tr("{0} is mounted without barriers.", {device.name}),
        tr("A sync does not empty the disk's own cache: readings that were acknowledged are lost "
           "when the power goes."),
        tr("take nobarrier or barrier=0 out of /etc/fstab, and mount it again")};
}

// What is seen, no more: whether the cache is emptied is the disk's word.
Check write_cache(const BlockDevice& device) {
    constexpr const char* kCode = "disk-write-cache";
    const auto mode = read_small_file(device.directory + "/queue/write_cache");
    if (!mode)
        return skipped(kCode, tr("The kernel does not tell of a cache in {0}.", {device.disk}));
    if (*mode == "write through")
        return in_order(
            kCode, tr("The kernel takes {0} for a disk without a cache of its own.", {device.disk})
        );
    return in_order(
        kCode,
        tr("{0} has a cache of its own, which the kernel empties with each sync.", {device.disk})
    );
}

Check spare_blocks(const BlockDevice& device, unsigned state) {
    constexpr const char* kCode = "card-spare";
    if (state < kSpareWarning)
        return in_order(kCode, tr("The eMMC {0} has spare blocks.", {device.disk}));
    const bool is_urgent = state >= kSpareUrgent;
    return {
        kCode,
        is_urgent ? Severity::failure : Severity::warning,
        is_urgent ? tr("The eMMC {0} has used over 90 % of its spare blocks.", {device.disk})
                  : tr("The eMMC {0} has used over 80 % of its spare blocks.", {device.disk}),
        tr("When they are used up it can only be read, and the gateway stores nothing."),
        tr("replace the eMMC or the box, and let the gateway deliver what it has before")};
}

Check life(const BlockDevice& device, unsigned tenths) {
    constexpr const char* kCode = "card-life";
    if (tenths >= kWornTenths) {
        return {
            kCode,
            Severity::failure,
            tr("The eMMC {0} is worn: it is over its life time.", {device.disk}),
            tr("It may fail any day, with the readings that are on it."),
            tr("replace the eMMC or the box, and let the gateway deliver what it has before")};
    }
    const auto percent = std::to_string(tenths * 10);
    if (tenths >= kWearingTenths) {
        return {
            kCode,
            Severity::warning,
            tr("The eMMC {0} has lived up to {1} % of its life time.", {device.disk, percent}),
            tr("It will have to be replaced."),
            tr("order a replacement; see flash_budget_per_day in [buffer] to write less")};
    }
    return in_order(
        kCode, tr("The eMMC {0} has lived up to {1} % of its life time.", {device.disk, percent})
    );
}

Checks wear(const BlockDevice& device) {
    const auto lives = read_small_file(device.directory + "/device/life_time");
    const auto spare = read_small_file(device.directory + "/device/pre_eol_info");
    const auto tenths = hexadecimal(lives.value_or(""));
    const auto states = hexadecimal(spare.value_or(""));
    const bool is_silent = tenths.empty() || *std::max_element(tenths.begin(), tenths.end()) == 0;
    if (is_silent) {
        const auto why = device.is_card()
                             ? tr("The card {0} does not tell how worn it is.", {device.disk})
                             : tr("{0} is no card.", {device.disk});
        return {skipped("card-life", why), skipped("card-spare", why)};
    }
    return {
        life(device, *std::max_element(tenths.begin(), tenths.end())),
        spare_blocks(device, states.empty() ? 0 : states.front())};
}

}  // namespace

Checks check_card(dev_t number, const Places& places) {
    const auto device = find_block_device(number, places.sys);
    if (!device)
        return {skipped("disk-errors", tr("The kernel names no disk under this file system."))};
    Checks checks{
        errors(*device, places.sys),
        barriers(*device, mount_options(number, places.proc)),
        write_cache(*device)};
    append(checks, wear(*device));
    return checks;
}

}  // namespace gateway::doctor
