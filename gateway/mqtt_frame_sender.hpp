#pragma once
#include "gateway/cli/frame_sender.hpp"

#include <memory>

namespace gateway {

// The sender of `passerelle replay`: one session of MQTT 5 under a name of its own.
std::unique_ptr<cli::FrameSender> make_mqtt_frame_sender(const cli::SenderOptions& options);

}  // namespace gateway
