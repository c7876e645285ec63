#include "gateway/doctor/block_device.hpp"
#include "gateway/doctor/card_checks.hpp"
#include "gateway/doctor/disk_checks.hpp"
#include "tests/unit/doctor/found.hpp"
#include "tests/unit/doctor/made_up_tree.hpp"

#include <linux/magic.h>
#include <sys/sysmacros.h>

using gateway::doctor::check_card;
using gateway::doctor::FileSystem;
using gateway::doctor::judge_file_system;
using gateway::doctor::Severity;
using tests::found;
using tests::severity_of;

namespace {

constexpr std::uint64_t kMiB = 1ULL << 20;

FileSystem roomy() {
    FileSystem disk;
    disk.bytes = 30'000 * kMiB;
    disk.bytes_free = 20'000 * kMiB;
    disk.inodes = 1'000'000;
    disk.inodes_free = 900'000;
    disk.type = EXT4_SUPER_MAGIC;
    return disk;
}

// A card with a partition that a file system is on.
class Card : public tests::MadeUpTree {
  public:
    explicit Card(std::string_view name) : disk_("sys/devices/" + std::string(name)) {
        const auto part = disk_ + '/' + std::string(name) + "p2";
        write(part + "/partition", "2\n");
        link("sys/dev/block/179:2", part);
    }
    void tell(std::string_view file, std::string_view content) const {
        write(disk_ + '/' + std::string(file), content);
    }
    gateway::doctor::Checks look() const { return check_card(makedev(179, 2), places()); }

  private:
    std::string disk_;
};

}  // namespace

TEST_CASE("a disk with room is in order", "[doctor]") {
    const auto checks = judge_file_system("/var/lib/passerelle", roomy(), 2048 * kMiB);
    CHECK(worst_of(checks) == Severity::ok);
    CHECK(found(checks, "disk-space").finding.find("/var/lib/passerelle") != std::string::npos);
}

TEST_CASE("a full disk is a failure, one that the buffer fills a warning", "[doctor]") {
    auto disk = roomy();
    disk.bytes_free = 15 * kMiB;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-space") == Severity::failure);
    disk.bytes_free = 1000 * kMiB;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-space") == Severity::warning);
    disk.bytes_free = 3000 * kMiB;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-space") == Severity::ok);
    CHECK(
        severity_of(judge_file_system("/", disk, 3001 * kMiB), "disk-space") == Severity::warning
    );
}

TEST_CASE("a disk without inodes, read-only or in memory is told", "[doctor]") {
    auto disk = roomy();
    disk.inodes_free = 99;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-inodes") == Severity::failure);
    disk.inodes = 0;  // btrfs has none
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-inodes") == Severity::ok);
    disk.is_read_only = true;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-read-only") == Severity::failure);
    disk.type = TMPFS_MAGIC;
    CHECK(severity_of(judge_file_system("/", disk, 0), "disk-file-system") == Severity::warning);
}

TEST_CASE("the path that exists is found", "[doctor]") {
    const tests::support::TemporaryDirectory directory;
    CHECK(gateway::doctor::existing(directory.file("a/b/c")) == directory.path().string());
    CHECK(gateway::doctor::existing("") == ".");
    CHECK(gateway::doctor::existing("/no such place/x") == "/");
}

TEST_CASE("the wear of an eMMC is told as the kernel tells it", "[doctor]") {
    const Card card("mmcblk0");
    card.tell("device/life_time", "0x01 0x02\n");
    card.tell("device/pre_eol_info", "0x01\n");
    CHECK(severity_of(card.look(), "card-life") == Severity::ok);
    CHECK(severity_of(card.look(), "card-spare") == Severity::ok);
    card.tell("device/life_time", "0x03 0x09\n");
    card.tell("device/pre_eol_info", "0x02\n");
    CHECK(severity_of(card.look(), "card-life") == Severity::warning);
    CHECK(severity_of(card.look(), "card-spare") == Severity::warning);
    card.tell("device/life_time", "0x0b 0x01\n");
    card.tell("device/pre_eol_info", "0x03\n");
    CHECK(severity_of(card.look(), "card-life") == Severity::failure);
    CHECK(severity_of(card.look(), "card-spare") == Severity::failure);
}

TEST_CASE("a card that tells nothing of its wear is not called good", "[doctor]") {
    const Card card("mmcblk1");
    CHECK(severity_of(card.look(), "card-life") == Severity::skipped);
    card.tell("device/life_time", "0x00 0x00\n");  // "not defined"
    CHECK(severity_of(card.look(), "card-life") == Severity::skipped);
}

TEST_CASE("errors that ext4 has counted are a failure", "[doctor]") {
    const Card card("mmcblk0");
    CHECK(severity_of(card.look(), "disk-errors") == Severity::skipped);
    card.write("sys/fs/ext4/mmcblk0p2/errors_count", "0\n");
    CHECK(severity_of(card.look(), "disk-errors") == Severity::ok);
    card.write("sys/fs/ext4/mmcblk0p2/errors_count", "3\n");
    CHECK(severity_of(card.look(), "disk-errors") == Severity::failure);
}

TEST_CASE("a file system without barriers is a failure, that of others is not", "[doctor]") {
    const Card card("mmcblk0");
    const auto mounted = [&](std::string_view number, std::string_view options) {
        card.write(
            "proc/self/mountinfo",
            "25 1 " + std::string(number) + " / / rw - ext4 /dev/root rw," + std::string(options) +
                '\n'
        );
        return severity_of(card.look(), "disk-barriers");
    };
    CHECK(mounted("179:2", "errors=remount-ro") == Severity::ok);
    CHECK(mounted("179:2", "nobarrier") == Severity::failure);
    CHECK(mounted("179:2", "barrier=0") == Severity::failure);
    CHECK(mounted("179:1", "nobarrier") == Severity::ok);
}

TEST_CASE("a file system without a disk of its own is skipped", "[doctor]") {
    const tests::MadeUpTree tree;
    CHECK(
        severity_of(check_card(makedev(0, 31), tree.places()), "disk-errors") == Severity::skipped
    );
}
