#pragma once
#include "gateway/mqtt_codec/fault.hpp"
#include "gateway/mqtt_codec/properties.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gateway::mqtt_codec {

// Takes a packet's fields off its bytes, one after another (1.5). The first fault stays; after it
// nothing is left and everything reads as zero or empty, so that a row of fields can be read before
// anybody asks how it went.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    bool has_failed() const { return fault_.has_value(); }
    const Fault& fault() const { return *fault_; }
    bool at_end() const { return rest_.empty(); }

    void fail(const Fault& fault);
    void fail(ReasonCode reason, const char* detail) { fail(Fault{reason, detail}); }
    void malformed(const char* detail) { fail(ReasonCode::malformed_packet, detail); }
    void protocol_error(const char* detail) { fail(ReasonCode::protocol_error, detail); }

    std::uint8_t byte();
    std::uint16_t two_bytes();
    std::uint32_t four_bytes();
    std::uint32_t variable_integer();
    Binary binary();
    Text text();
    std::string_view take(std::size_t bytes);
    std::string_view rest() { return take(rest_.size()); }

  private:
    std::string_view rest_;
    std::optional<Fault> fault_;
};

}  // namespace gateway::mqtt_codec
