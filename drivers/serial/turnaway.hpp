#pragma once
#include "drivers/serial/frame_reader.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace drivers::serial {

// What was not let in: nodes, and frames of nodes. A closed set, each is counted.
enum class Turnaway : std::uint8_t {
    version,         // no version of the link in common, or a lie about it
    bad_hello,       // no NodeHello, an impossible name, or incarnation 0
    address_in_use,  // another node answers at the address
    not_listed,      // a name or an address that the configuration does not have
    full,            // no room for another node
    unknown_type,    // a frame of a later version
    unexpected,      // more messages than the window allows, or a frame that cannot be
    babble,          // a turn on the bus that did not end
    count_
};

inline constexpr std::size_t kTurnawayCount = static_cast<std::size_t>(Turnaway::count_);

class Turnaways {
  public:
    void count(Turnaway cause) { ++counts_[static_cast<std::size_t>(cause)]; }

    // Under their names in the status ("address-in-use"), with the bytes that were no frame
    // ("noise", "bad-checksum", "too-long"). Only what occurred.
    std::map<std::string, std::uint64_t> by_cause(const FrameReader::Dropped& dropped) const;

  private:
    std::array<std::uint64_t, kTurnawayCount> counts_{};
};

}  // namespace drivers::serial
