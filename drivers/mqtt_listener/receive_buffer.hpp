#pragma once
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace drivers::mqtt_listener {

// How many bytes the receive buffers of a listener may have together, beyond the small one that
// each of them begins with.
class ReceiveBudget {
  public:
    explicit ReceiveBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    bool take(std::size_t bytes) {
        if (bytes > bytes_max_ - bytes_) return false;
        bytes_ += bytes;
        return true;
    }
    void give_back(std::size_t bytes) { bytes_ -= bytes; }

    std::size_t bytes() const { return bytes_; }

  private:
    const std::size_t bytes_max_;
    std::size_t bytes_ = 0;
};

// The bytes of a connection that are received and not yet taken. It begins small and doubles as
// often as it is full, up to what one packet needs: a length that is only announced costs nothing.
// When it is empty it gives back what is more than small. What was taken is overwritten: payloads
// are personal.
class ReceiveBuffer {
  public:
    // `budget` outlives it.
    explicit ReceiveBuffer(ReceiveBudget& budget) : budget_(budget) {}
    ~ReceiveBuffer();
    ReceiveBuffer(const ReceiveBuffer&) = delete;
    ReceiveBuffer& operator=(const ReceiveBuffer&) = delete;

    // Room for the next bytes, of which at least `bytes` are missing: for one or more of them, and
    // for none only where the budget is spent. Valid until the next call.
    boost::asio::mutable_buffer room(std::size_t bytes);
    void received(std::size_t bytes) { end_ += bytes; }
    void take(std::size_t bytes);

    std::string_view bytes() const {
        return std::string_view{memory_}.substr(begin_, end_ - begin_);
    }

  private:
    std::size_t extra() const;
    void shrink();
    void grow(std::size_t wanted);

    ReceiveBudget& budget_;
    std::string memory_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace drivers::mqtt_listener
