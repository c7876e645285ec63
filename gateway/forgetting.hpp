#pragma once
#include <boost/asio/awaitable.hpp>

namespace gateway {

class Pipeline;

// Sees to it that what a message left where it was worked on is gone a second after it was
// acknowledged. Runs on the reactor until it is cancelled; the pipeline outlives it.
boost::asio::awaitable<void> forget_frames(Pipeline& pipeline);

}  // namespace gateway
