#pragma once
#include "drivers/coap/message.hpp"
#include "gateway/firmware/depot.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace drivers::coap {

// GET of a block of an image that was offered.
struct BlockWanted {
    std::uint32_t update = 0;
    Block block{};
};

// GET of what there is for a device, which introduces itself by that; without its source.
using OfferWanted = gateway::firmware::Device;

// What a request to one of the paths of updates asks; the answer where it is refused.
using UpdateQuestion = std::variant<Answer, OfferWanted, BlockWanted, gateway::firmware::Progress>;

// Paths that are of updates where there are any, and never of readings.
bool is_of_updates(const std::string& path);

// Pure. The path is of updates.
UpdateQuestion understand_update(const Request& request);

}  // namespace drivers::coap
