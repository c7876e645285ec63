#include "drivers/mqtt_listener/byte_channel.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

class PlainChannel final : public ByteChannel {
  public:
    explicit PlainChannel(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<error_code> open() override { co_return error_code{}; }

    asio::awaitable<std::size_t> read_some(asio::mutable_buffer room, error_code& failure)
        override {
        co_return co_await socket_.async_read_some(
            room, asio::redirect_error(asio::use_awaitable, failure)
        );
    }

    asio::awaitable<error_code> write(asio::const_buffer bytes) override {
        error_code failure;
        static_cast<void>(co_await asio::async_write(
            socket_, bytes, asio::redirect_error(asio::use_awaitable, failure)
        ));
        co_return failure;
    }

    void shut() override {
        error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        socket_.close(ignored);
    }

  private:
    asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<ByteChannel> make_plain_channel(asio::ip::tcp::socket socket) {
    return std::make_unique<PlainChannel>(std::move(socket));
}

}  // namespace drivers::mqtt_listener
