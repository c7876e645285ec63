#pragma once
#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace drivers::mqtt_listener {

// The bytes of a connection that are received and not yet taken. It begins small and grows to what
// one packet needs; when it is empty it gives back what is more than small.
class ReceiveBuffer {
  public:
    // Room for at least `bytes` more. Valid until the next call.
    boost::asio::mutable_buffer room(std::size_t bytes);
    void received(std::size_t bytes) { end_ += bytes; }
    void take(std::size_t bytes);

    std::string_view bytes() const {
        return std::string_view{memory_}.substr(begin_, end_ - begin_);
    }

  private:
    std::string memory_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace drivers::mqtt_listener
