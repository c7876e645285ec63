#pragma once
#include "gateway/model/public_reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/status/event_stream.hpp"
#include "gateway/status/tail_filter.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::status {

// What the gateway stores and refuses, as it happens, for those who follow it: JSON objects, one a
// line (README.md). A reading is shown as it is stored, once it is on the disk; of what is refused
// only the cause, and nothing at all where the cause is what a person has decided. Whoever brings
// readings never waits for a follower: what has no room is counted, and the follower is told.
// On the reactor; the clock outlives it, and it outlives the streams.
class Tail {
  public:
    static constexpr std::size_t kFollowersMax = 8;
    static constexpr std::size_t kWaitingBytesMax = 128 * 1024;  // of lines, for each follower
    // A follower that nothing happens for gets an empty line so often: one that has left is found,
    // and it finds a gateway that hangs.
    static constexpr std::chrono::seconds kSign{15};
    // A terminal may be held so long.
    static constexpr std::chrono::minutes kPatience{10};

    // Where a reading has come from.
    struct Way {
        std::string_view source, dataset;
        // The dataset keeps no time so fine as the moment in which a line is seen: such readings
        // are shown without device, value, time and attributes.
        bool is_time_coarse = false;
    };

    Tail(const boost::asio::any_io_executor& reactor, const runtime::WallClock& clock);

    // Null: kFollowersMax are there.
    std::shared_ptr<EventStream> follow(TailFilter filter);

    // Nobody needs to call what is below while nobody follows.
    bool is_followed() const { return !followers_.empty(); }

    // Readings that will be on the disk when the commit `ticket` is settled.
    void appended(const Way& way, std::uint64_t ticket, std::span<const model::PublicReading> all);
    // Once for each commit, or more often.
    void settled(std::uint64_t ticket, bool is_stored);
    void refused(const Way& way, model::Refusal cause, std::uint64_t readings);

  private:
    class Follower;

    std::string stored_line(const Way& way, const model::PublicReading& reading) const;
    std::string refused_line(const Way& way, model::Refusal cause, std::uint64_t readings) const;

    const runtime::WallClock& clock_;
    runtime::Condition news_;
    std::vector<Follower*> followers_;
    std::optional<std::uint64_t> settled_;  // the last one: nothing is appended to it any more
};

}  // namespace gateway::status
