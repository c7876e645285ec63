#pragma once
#include "tests/bench/load/fleet.hpp"
#include "tests/bench/load/poller.hpp"

#include <cstdint>
#include <string>

namespace bench {

struct CoapWay {
    std::uint16_t port = 5683;
    std::string path_before;  // of the device's name
    std::string path_after;
};

struct CoapCounts {
    std::uint64_t refused = 0;  // answered with anything but 2.xx, or reset
    std::uint64_t retransmitted = 0;
    std::uint64_t given_up = 0;
};

// One meter that posts over CoAP from a socket of its own: one confirmable request at a time
// (NSTART of RFC 7252), sent again after ACK_TIMEOUT, doubling, MAX_RETRANSMIT times, until it is
// acknowledged. An empty acknowledgement ends the repeating; the answer that follows is what
// counts. `way`, `fleet` and `counts` outlive it.
class CoapDevice {
  public:
    struct Surroundings {
        const CoapWay& way;
        Fleet& fleet;
        CoapCounts& counts;
    };
    static constexpr std::chrono::seconds kAcknowledgementTimeout{2};
    static constexpr unsigned kRetransmissionsMax = 4;
    static constexpr std::chrono::seconds kAnswerMax{93};  // MAX_TRANSMIT_WAIT

    CoapDevice(Surroundings surroundings, Poller& poller, std::uint32_t number);

    bool is_waiting() const { return is_waiting_; }
    void post(SteadyTime now);

    // Reads what has come; true if the request under way is over.
    bool receive(SteadyTime now);

    // Sends again or gives up, if it is time; true if the request under way is over.
    bool keep_time(SteadyTime now);

  private:
    bool take(std::string_view datagram, SteadyTime now);
    void transmit();

    Surroundings around_;
    std::uint32_t number_;
    Descriptor socket_;
    std::string request_;
    MeterReading reading_;
    SteadyTime first_sent_;
    SteadyTime due_;
    std::chrono::nanoseconds timeout_{};
    unsigned retransmissions_ = 0;
    std::uint16_t id_;
    std::uint32_t token_ = 0;
    bool is_waiting_ = false;
    bool is_acknowledged_ = false;  // empty: the answer follows
};

}  // namespace bench
