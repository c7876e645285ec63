#pragma once
#include "gateway/model/frame.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>

namespace gateway::decode {

// Turns the bytes of a frame into readings. A pure function of the frame: no socket, clock, log or
// global; the object only keeps buffers between calls. Not thread-safe.
class Decoder {
  public:
    virtual ~Decoder() = default;

    // Appends the frame's readings to `out`. On a fault `out` holds what it held before. Readings
    // without a time of their own get frame.received_at and TimeQuality::gateway. Names that come
    // from the configuration live in the decoder: it has to outlive the readings. Never throws on
    // any input.
    virtual model::Decoded<void> decode(const model::Frame& frame, model::Readings& out) = 0;
};

// The decoder of a configured format; null if there is no format of this name (the loader has
// checked it).
std::unique_ptr<Decoder> make_decoder(const settings::Format& format);

// Every format name, for `check` and the command line.
std::span<const std::string_view> format_names();

}  // namespace gateway::decode
