#pragma once
#include "gateway/buffer/byte_stream.hpp"
#include "gateway/buffer/segment_keys.hpp"
#include "gateway/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace gateway::buffer {

// Opens bodies of segments.
class BodyOpener {
  public:
    explicit BodyOpener(SegmentKeys& keys) : keys_(keys) {}

    // The body as it was before it was sealed, or as it is if it is not; empty when it cannot be
    // opened: its key is gone, or it is damaged. Valid until the next call.
    model::Result<std::span<const std::byte>> open(
        std::uint64_t row, std::span<const std::byte> body
    );

  private:
    SegmentKeys& keys_;
    Bytes opened_;
};

}  // namespace gateway::buffer
