#pragma once
#include "drivers/serial/frame.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drivers::serial {

// Finds frames in what a line brings. What is none is dropped and counted; the next zero begins
// anew. Holds one frame at most.
class FrameReader {
  public:
    struct Dropped {
        std::uint64_t noise = 0;
        std::uint64_t bad_crc = 0;
        std::uint64_t too_long = 0;
    };

    // The next frame that ends in `bytes`, which keeps what is behind it; nothing when all of
    // `bytes` was taken without one.
    std::optional<Frame> next(std::string_view& bytes);

    // What was received of a frame that is not whole is forgotten: the line was opened again.
    void begin_anew();

    const Dropped& dropped() const { return dropped_; }

  private:
    void keep(std::string_view bytes);
    std::optional<Frame> finish();
    void count(FrameFault fault);

    std::string received_;  // since the last zero
    bool is_too_long_ = false;
    Dropped dropped_;
};

}  // namespace drivers::serial
