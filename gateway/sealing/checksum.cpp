#include "gateway/sealing/checksum.hpp"

#include <sodium.h>

#include <array>

namespace gateway::sealing {

std::string checksum(std::string_view bytes, std::string_view others) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, kChecksumBytes);
    for (const std::string_view part : {bytes, others}) {
        const auto* start = reinterpret_cast<const unsigned char*>(part.data());
        crypto_generichash_update(&state, start, part.size());
    }
    std::array<unsigned char, kChecksumBytes> sum{};
    crypto_generichash_final(&state, sum.data(), sum.size());
    return {sum.begin(), sum.end()};
}

}  // namespace gateway::sealing
