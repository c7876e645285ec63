#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace drivers::mqtt_listener {

// A connection as a stream of bytes, with or without TLS. One read and one write may be under way
// at a time. On the reactor.
class ByteChannel {
  public:
    virtual ~ByteChannel() = default;

    // TLS: the handshake. Returns the failure, if any.
    virtual boost::asio::awaitable<boost::system::error_code> open() = 0;

    // At least one byte, or the failure; end of file is one.
    virtual boost::asio::awaitable<std::size_t> read_some(
        boost::asio::mutable_buffer room, boost::system::error_code& failure
    ) = 0;

    // All of `bytes`, which must stay until it returns.
    virtual boost::asio::awaitable<boost::system::error_code> write(boost::asio::const_buffer bytes
    ) = 0;

    // Ends what is under way with operation_aborted; the peer sees the end of the connection. May
    // be called at any time, more than once.
    virtual void shut() = 0;

    // Who the peer has proven to be: the name in its certificate, or its PSK identity. Empty before
    // open() and where it has proven nothing.
    virtual std::string identity() const { return {}; }

    // Whether that proof still holds: false once its key or its certificate is revoked.
    virtual bool is_proof_valid() const { return true; }
};

std::unique_ptr<ByteChannel> make_plain_channel(boost::asio::ip::tcp::socket socket);

}  // namespace drivers::mqtt_listener
