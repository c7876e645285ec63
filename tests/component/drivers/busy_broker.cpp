#include "tests/component/drivers/busy_broker.hpp"

#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/mqtt_codec/packet_reader.hpp"
#include "tests/component/drivers/mqtt_device.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

namespace tests::drivers {

namespace asio = boost::asio;
namespace codec = ::gateway::mqtt_codec;
using asio::ip::tcp;

namespace {

// Slow, so that few messages are a long time without a pause.
constexpr std::chrono::milliseconds kPause{100};

std::string bytes_of(const codec::Packet& packet) {
    std::string bytes;
    if (!codec::encode(packet, codec::Version::mqtt_5, bytes))
        throw std::logic_error("this packet cannot be");
    return bytes;
}

}  // namespace

BusyBroker::BusyBroker(int waiting)
    : waiting_(waiting),
      acceptor_(reactor_.executor(), tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(reactor_.executor(), serve(), asio::detached);
}

BusyBroker::~BusyBroker() {
    reactor_.stop();
}

std::string BusyBroker::url() const {
    return "mqtt://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

asio::awaitable<void> BusyBroker::serve() {
    for (;;) {
        tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
        ++connections_;
        co_await talk(std::move(socket));
    }
}

asio::awaitable<void> BusyBroker::talk(tcp::socket socket) {
    codec::PacketReader reader(codec::Role::server);
    asio::steady_timer pause(reactor_.executor());
    boost::system::error_code ended;
    std::string received, buffer(4096, 0);
    while (!ended) {
        const auto framing = reader.next(received);
        if (const auto* frame = std::get_if<codec::Frame>(&framing)) {
            const std::string said = answer(frame->bytes);
            received.erase(0, frame->bytes.size());
            pause.expires_after(kPause);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ended));
            (void)co_await asio::async_write(
                socket, asio::buffer(said), asio::redirect_error(asio::use_awaitable, ended)
            );
            continue;
        }
        const std::size_t count = co_await socket.async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, ended)
        );
        received.append(buffer, 0, count);
    }
}

std::string BusyBroker::answer(std::string_view packet) {
    const auto said = codec::decode(packet, codec::Version::mqtt_5, codec::Role::server);
    if (!said) throw std::runtime_error("a client that breaks the rules");
    if (std::holds_alternative<codec::Connect>(*said)) {
        codec::Connack connack;
        connack.session_present = true;
        return bytes_of(connack) + next_message();
    }
    if (std::holds_alternative<codec::Pingreq>(*said)) return bytes_of(codec::Pingresp{});
    if (!std::holds_alternative<codec::Puback>(*said)) return {};
    ++acknowledged_;
    return next_message();
}

std::string BusyBroker::next_message() {
    if (acknowledged_ >= waiting_) return {};
    return bytes_of(mqtt_message(static_cast<codec::PacketIdentifier>(acknowledged_ + 1)));
}

}  // namespace tests::drivers
