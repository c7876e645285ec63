#pragma once
#include "gateway/buffer/batch.hpp"
#include "gateway/model/result.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::buffer {

struct Waiting {
    std::uint64_t readings = 0;
    std::optional<model::Instant> oldest_stored_at;  // when the oldest was committed: a stamp
    bool held = false;  // the first one waits for its date: open() finds nothing until changed()
    // When the oldest gap or erasure that is not confirmed came.
    std::optional<model::Instant> gaps_since{};
};

struct BatchLimits {
    std::uint32_t readings_max = 10'000;
    std::uint32_t bytes_max = 512 * 1024;  // estimated encoded size before compression
};

enum class Lane : std::uint8_t {
    live,     // what is stored from now on
    backlog,  // what was set aside, the oldest first
};

// Readings of a queue in the order of their sequences, with an open batch of their own. Lives on
// the reactor; one caller at a time. An error of any call is a failure of the store: the gateway is
// about to stop.
class BatchLane {
  public:
    virtual ~BatchLane() = default;

    virtual Waiting waiting() const = 0;

    // Whether a reading was erased that the open batch has: it must not be sent again. An attempt
    // that is under way may still be confirmed.
    virtual bool taken_back() const = 0;

    // The batch at the cursor: the one left open by an earlier call or an earlier run, otherwise a
    // new one within the limits, whose boundaries are on the disk before this answers. It takes the
    // gaps and erasures along, unless it may have one reading only (a search for what a recipient
    // refuses); the live lane also makes a batch of gaps alone when no reading waits in either.
    // Nothing if nothing waits.
    virtual boost::asio::awaitable<model::Result<std::optional<Batch>>> open(BatchLimits limits
    ) = 0;

    // Gives up the open batch's boundaries, so that open() can make a smaller one (413, 400).
    virtual boost::asio::awaitable<model::Result<void>> reopen() = 0;

    // The recipient has the open batch: the cursor moves behind it; its gaps, and segments that no
    // uplink needs, are deleted.
    virtual boost::asio::awaitable<model::Result<void>> confirm() = 0;

    // The recipient refused the open batch, of at most one reading, for good: a dead letter is kept
    // and the cursor moves on. Gaps alone are given up; the ledger keeps their counts.
    virtual boost::asio::awaitable<model::Result<void>> bury(std::string cause) = 0;
};

// What waits for one uplink in one dataset. All of it is in the live lane, in order, until
// set_aside() parts it: then new readings need not wait for old ones, and a reading of the live
// lane may overtake one of the backlog. When the backlog is done there is one lane again.
class BatchQueue {
  public:
    virtual ~BatchQueue() = default;

    virtual const std::string& dataset() const = 0;
    virtual settings::Priority priority() const = 0;

    // Grows with every commit of readings, loss or erasure of them, in whatever dataset, and when
    // dates are known; changed() answers when it is over `seen`.
    virtual std::uint64_t changes() const = 0;
    virtual boost::asio::awaitable<void> changed(std::uint64_t seen) = 0;

    virtual Waiting waiting() const = 0;  // in both lanes
    virtual BatchLane& lane(Lane lane) = 0;

    // The last sequence that a stored reading has, of whatever dataset.
    virtual std::uint64_t newest() const = 0;

    // Moves what waits in the live lane, up to the sequence `last`, to the end of the backlog, on
    // the disk; nothing if the backlog has too many parts already. False while a batch of the live
    // lane is open: then it is too early.
    virtual boost::asio::awaitable<model::Result<bool>> set_aside(std::uint64_t last) = 0;
};

}  // namespace gateway::buffer
