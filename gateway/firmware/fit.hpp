#pragma once
#include "gateway/firmware/known_device.hpp"
#include "gateway/firmware/update.hpp"

namespace gateway::firmware {

// What the versions of a device say about an update that is for it.

std::uint32_t sequence_of(const KnownDevice& device, bool is_settings);

// It is in force there, and not on trial any more.
bool has(const Update& update, const KnownDevice& device);

// A later one is: it proves nothing about this update, and does not wait for it. A firmware on
// trial may be this update, signed with a lower number than was built into it.
bool is_beyond(const Update& update, const KnownDevice& device);

bool can_take(const Update& update, const KnownDevice& device);

}  // namespace gateway::firmware
