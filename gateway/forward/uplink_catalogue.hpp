#pragma once
#include "gateway/forward/uplink.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>

namespace gateway::forward {

// Makes the uplink that the settings describe; both must outlive the call only. Nothing is
// connected before the first send.
std::unique_ptr<Uplink> make_uplink(
    const settings::Uplink& uplink, const settings::Gateway& gateway
);

}  // namespace gateway::forward
