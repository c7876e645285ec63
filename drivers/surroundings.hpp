#pragma once
#include "gateway/firmware/depot.hpp"
#include "gateway/ingest/frame_sink.hpp"
#include "gateway/ingest/session_memory.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace drivers {

// What a driver finds around it. Everything referred to outlives the driver and the run of the
// reactor.
struct Surroundings {
    gateway::model::SourceId id{};  // stamped on the driver's frames
    gateway::ingest::FrameSink& sink;
    gateway::ingest::SessionMemory& sessions;
    boost::asio::any_io_executor reactor;
    const gateway::runtime::WallClock& clock;
    gateway::observe::Log& log;
    gateway::firmware::Depot* firmware = nullptr;
};

}  // namespace drivers
