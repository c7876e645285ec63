#include "drivers/mqtt_listener/receive_buffer.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "gateway/runtime/wipe.hpp"

#include <algorithm>
#include <cstring>

namespace drivers::mqtt_listener {

using gateway::runtime::wipe;

ReceiveBuffer::~ReceiveBuffer() {
    budget_.give_back(extra());
    wipe(memory_);
}

boost::asio::mutable_buffer ReceiveBuffer::room(std::size_t bytes) {
    const std::size_t kept = end_ - begin_;
    if (begin_ > 0 && kept > 0) {
        std::memmove(memory_.data(), memory_.data() + begin_, kept);
        wipe(memory_.data() + kept, end_ - kept);
    }
    begin_ = 0;
    end_ = kept;
    if (kept == 0) shrink();
    if (kept == memory_.size()) grow(kept + bytes);
    return {memory_.data() + end_, memory_.size() - end_};
}

std::size_t ReceiveBuffer::extra() const {
    return memory_.size() - std::min(memory_.size(), kReceiveBytesFirst);
}

void ReceiveBuffer::shrink() {
    if (memory_.size() <= 8 * kReceiveBytesFirst) return;
    budget_.give_back(extra());
    std::string{}.swap(memory_);
}

void ReceiveBuffer::grow(std::size_t wanted) {
    if (memory_.empty()) return memory_.resize(kReceiveBytesFirst);
    const std::size_t size = std::min(wanted, 2 * memory_.size());
    if (!budget_.take(size - memory_.size())) return;
    std::string larger(size, '\0');
    std::copy(memory_.begin(), memory_.end(), larger.begin());
    wipe(memory_);
    memory_.swap(larger);
}

void ReceiveBuffer::take(std::size_t bytes) {
    wipe(memory_.data() + begin_, bytes);
    begin_ += bytes;
    if (begin_ == end_) begin_ = end_ = 0;
}

}  // namespace drivers::mqtt_listener
