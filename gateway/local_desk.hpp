#pragma once
#include "gateway/cli/subject_channel.hpp"

namespace gateway {

// The desk of a gateway that does not run: opens its store, which nobody else can have meanwhile,
// and answers in this process. An error when the gateway runs, and when this process is not of the
// user to whom the state directory belongs: what it made there the gateway could not open any more.
// What the store was found like is told on standard error.
cli::OpenedChannel open_local_desk(const settings::Settings& settings);

}  // namespace gateway
