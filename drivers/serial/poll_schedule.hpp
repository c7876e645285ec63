#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drivers::serial {

// Whose turn it is on a bus: who waited for longest of those that are due. A node that fills its
// turns is due again at once, one that has something to say a moment later, which is longer the
// more nodes answer, and one that does not answer less and less often, so that it costs the
// others little. Pure.
class PollSchedule {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::milliseconds;

    static constexpr Duration kIntervalMin{250};  // of a node that has something to say
    static constexpr Duration kIdleMax{1000};     // of one that has not
    // Of all nodes that answer together: every turn costs the gateway some work.
    static constexpr int kTurnsPerSecond = 64;
    static constexpr Duration kSilentMin{500};  // of one that does not answer; doubles up to
    static constexpr Duration kSilentMax{16'000};

    enum class Turn : std::uint8_t {
        full,    // many messages: there are more
        some,    // messages
        asking,  // not as many, but the question of an update, which waits for its answer
        empty,   // nothing but its end
        silent,  // nothing at all, or no end
    };

    PollSchedule(std::span<const std::uint8_t> addresses, Time now);

    // The address whose turn it is; 0 where nobody is due before due_at().
    std::uint8_t next(Time now) const;
    Time due_at() const;  // of the first that is due

    // How the turn of an address went that ends now.
    void note(std::uint8_t address, Turn turn, Time now);

  private:
    struct Place {
        std::uint8_t address = 0;
        Time due_at{};
        Duration interval{};
        bool is_silent = false;
    };
    void advance(Place& place, Turn turn) const;
    Duration interval() const;  // of a node that has something to say

    std::vector<Place> places_;
};

}  // namespace drivers::serial
