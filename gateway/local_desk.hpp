#pragma once
#include "gateway/cli/subject_channel.hpp"

namespace gateway {

// The desk of a gateway that does not run: opens its store, which nobody else can have meanwhile,
// and answers in this process. Errc::in_use when the gateway runs.
cli::OpenedChannel open_local_desk(const settings::Settings& settings);

}  // namespace gateway
