#include "gateway/doctor/block_device.hpp"

#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

namespace gateway::doctor {
namespace {

constexpr std::array<std::string_view, 6> kVirtual{"vd", "xvd", "loop", "nbd", "zram", "dm-"};

}  // namespace

bool BlockDevice::is_virtual() const {
    return std::any_of(kVirtual.begin(), kVirtual.end(), [&](std::string_view beginning) {
        return disk.starts_with(beginning);
    });
}

std::optional<BlockDevice> find_block_device(dev_t number, const std::string& sys) {
    namespace fs = std::filesystem;
    const std::string link = sys + "/dev/block/" + std::to_string(gnu_dev_major(number)) + ':' +
                             std::to_string(gnu_dev_minor(number));
    std::error_code failure;
    const fs::path device = fs::canonical(link, failure);
    if (failure) return std::nullopt;
    const bool is_part = fs::exists(device / "partition", failure);
    const fs::path disk = is_part ? device.parent_path() : device;
    return BlockDevice{device.filename().string(), disk.filename().string(), disk.string()};
}

}  // namespace gateway::doctor
