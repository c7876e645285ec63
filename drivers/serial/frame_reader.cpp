#include "drivers/serial/frame_reader.hpp"

#include <utility>

namespace drivers::serial {

std::optional<Frame> FrameReader::next(std::string_view& bytes) {
    while (!bytes.empty()) {
        const std::size_t zero = bytes.find('\0');
        keep(bytes.substr(0, zero));
        if (zero == std::string_view::npos) {
            bytes = {};
            return std::nullopt;
        }
        bytes.remove_prefix(zero + 1);
        if (auto frame = finish()) return frame;
    }
    return std::nullopt;
}

void FrameReader::begin_anew() {
    received_.clear();
    is_too_long_ = false;
}

void FrameReader::keep(std::string_view bytes) {
    constexpr std::size_t kEncodedBytesMax = kFrameBytesMax - 1;
    if (received_.size() + bytes.size() > kEncodedBytesMax) is_too_long_ = true;
    if (is_too_long_) {
        received_.clear();
    } else {
        received_ += bytes;
    }
}

std::optional<Frame> FrameReader::finish() {
    const std::string received = std::exchange(received_, {});
    if (std::exchange(is_too_long_, false)) {
        count(FrameFault::too_long);
        return std::nullopt;
    }
    if (received.empty()) return std::nullopt;  // a zero more than needed ends what noise left
    auto frame = decode(received);
    if (frame) return std::move(*frame);
    count(frame.error());
    return std::nullopt;
}

void FrameReader::count(FrameFault fault) {
    switch (fault) {
        case FrameFault::noise:
            ++dropped_.noise;
            return;
        case FrameFault::bad_crc:
            ++dropped_.bad_crc;
            return;
        case FrameFault::too_long:
            ++dropped_.too_long;
            return;
    }
}

}  // namespace drivers::serial
