#pragma once
#include "gateway/ingest/receipt.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <boost/asio/awaitable.hpp>

namespace gateway::ingest {

// The door every driver pushes its frames through.
class FrameSink {
  public:
    virtual ~FrameSink() = default;

    // Decodes, anonymises and stores a frame. Runs on the reactor; a driver's own thread gets there
    // with co_spawn(reactor, sink.accept(std::move(frame)), use_future). Returned receipt: the
    // frame's readings are on the disk, acknowledge now. Returned fault: not all of it
    // is stored. model::is_temporary(fault.cause) tells whether the sender should try again (do not
    // acknowledge) or the frame can never be taken (tell the sender if the protocol can, then
    // forget it). Every fault is already counted.
    //
    // A marked frame leaves its mark in the same commit as its readings, also when all of them were
    // repetitions; a fault leaves none. While its mark is held, or on its way to the disk, a frame
    // is not taken again: it is counted as a duplicate, and its receipt comes when the mark is on
    // the disk. SessionMemory gives marks back.
    virtual boost::asio::awaitable<model::Decoded<Receipt>> accept(model::Frame frame) = 0;

    // Counts a frame that the driver itself had to refuse, for a cause that only it can see.
    virtual void count_refused(model::SourceId source, model::Refusal cause) = 0;
};

}  // namespace gateway::ingest
