#include "gateway/firmware/fit.hpp"

namespace gateway::firmware {
namespace {

bool is_trying(const KnownDevice& device, bool is_settings) {
    return !is_settings && device.is_on_trial;
}

}  // namespace

std::uint32_t sequence_of(const KnownDevice& device, bool is_settings) {
    return is_settings ? device.settings : device.firmware;
}

bool has(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    return sequence_of(device, is_settings) == update.sequence() && !is_trying(device, is_settings);
}

bool is_beyond(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    return sequence_of(device, is_settings) > update.sequence() && !is_trying(device, is_settings);
}

bool can_take(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    if (device.image_bytes_max == 0 || device.is_on_trial) return false;
    if (sequence_of(device, is_settings) >= update.sequence()) return false;
    if (is_settings) return true;
    const auto& image = std::get<Image>(update.manifest.content);
    return image.size <= device.image_bytes_max && device.firmware >= image.sequence_min;
}

}  // namespace gateway::firmware
