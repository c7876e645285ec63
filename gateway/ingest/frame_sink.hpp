#pragma once
#include "gateway/ingest/receipt.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/refusal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <optional>

namespace gateway::ingest {

// A frame on its way to the disk, between FrameSink::submit() and settled(). Only the sink looks
// into it.
struct Pending {
    model::SourceId source{};
    std::uint64_t ticket = 0;              // of the commit that it waits for
    Receipt receipt;                       // when that commit has succeeded
    std::uint32_t undated = 0;             // of its readings, those that are kept without a date
    bool is_repetition = false;            // some of its readings were submitted before, by another
    std::uint64_t forgotten_at = 0;        // whether those are still to be believed
    std::optional<model::FrameMark> mark;  // only of a repetition
};

// True when the sender must keep its frame and send it again: it is neither stored nor refused for
// good.
inline bool must_come_again(const model::Decoded<Receipt>& verdict) {
    return !verdict && model::is_temporary(verdict.error().cause);
}

// The door every driver pushes its frames through. On the reactor.
class FrameSink {
  public:
    virtual ~FrameSink() = default;

    // Decodes and anonymises a frame, and appends its readings to the next commit; settled() must
    // follow. A fault: nothing of it is stored, as said at accept().
    virtual model::Decoded<Pending> submit(model::Frame frame) = 0;

    // Answers when the frame's commit is over, as said at accept(). Frames become settled in the
    // order in which they were submitted, so that a driver may wait for one after the other.
    virtual boost::asio::awaitable<model::Decoded<Receipt>> settled(Pending pending) = 0;

    // The same without waiting: nothing while the commit is under way or there is more to do, and
    // then settled() must still follow. Spares a coroutine for most frames of a commit.
    virtual std::optional<model::Decoded<Receipt>> settled_already(const Pending&) {
        return std::nullopt;
    }

    // Decodes, anonymises and stores a frame: submits it and waits until it is settled. A driver's
    // own thread gets here with co_spawn(reactor, sink.accept(std::move(frame)), use_future).
    // Returned receipt: the frame's readings are on the disk, acknowledge now. Returned fault: not
    // all of it is stored. model::is_temporary(fault.cause) tells whether the sender should try
    // again (do not acknowledge) or the frame can never be taken (tell the sender if the protocol
    // can, then forget it). Every fault is already counted.
    //
    // A marked frame leaves its mark in the same commit as its readings, also when all of them were
    // repetitions; a fault leaves none. While its mark is held, or on its way to the disk, a frame
    // is not taken again: it is counted as a duplicate, and its receipt comes when the mark is on
    // the disk. SessionMemory gives marks back.
    boost::asio::awaitable<model::Decoded<Receipt>> accept(model::Frame frame) {
        auto pending = submit(std::move(frame));
        if (!pending) co_return pending.error();
        co_return co_await settled(std::move(*pending));
    }

    // Counts a frame that the driver itself had to refuse, for a cause that only it can see.
    virtual void count_refused(model::SourceId source, model::Refusal cause) = 0;
};

}  // namespace gateway::ingest
