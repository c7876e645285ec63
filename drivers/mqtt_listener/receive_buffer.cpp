#include "drivers/mqtt_listener/receive_buffer.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <algorithm>
#include <cstring>

namespace drivers::mqtt_listener {

boost::asio::mutable_buffer ReceiveBuffer::room(std::size_t bytes) {
    const std::size_t kept = end_ - begin_;
    if (begin_ > 0 && kept > 0) std::memmove(memory_.data(), memory_.data() + begin_, kept);
    begin_ = 0;
    end_ = kept;
    if (kept == 0 && memory_.size() > 8 * kReceiveBytesFirst) std::string{}.swap(memory_);
    const std::size_t wanted = std::max(kept + bytes, kReceiveBytesFirst);
    if (memory_.size() < wanted) memory_.resize(wanted);
    return {memory_.data() + end_, memory_.size() - end_};
}

void ReceiveBuffer::take(std::size_t bytes) {
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
}

}  // namespace drivers::mqtt_listener
