#pragma once
#include <sys/types.h>

#include <optional>
#include <string>

namespace gateway::doctor {

// The disk or card below a file system.
struct BlockDevice {
    std::string name;       // "mmcblk0p2", as the file system's own directory in /sys is named
    std::string disk;       // "mmcblk0"
    std::string directory;  // of the disk in /sys

    bool is_card() const { return disk.starts_with("mmcblk"); }
    // Whether a host stands between it and a medium.
    bool is_virtual() const;
};

// By the number that stat(2) gives; nothing for a file system without a device of its own (tmpfs,
// overlay, a network).
std::optional<BlockDevice> find_block_device(dev_t number, const std::string& sys);

}  // namespace gateway::doctor
