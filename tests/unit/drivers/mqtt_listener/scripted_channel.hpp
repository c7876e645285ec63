#pragma once
#include "drivers/mqtt_listener/byte_channel.hpp"
#include "gateway/mqtt_codec/codec.hpp"
#include "gateway/runtime/condition.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <string>

namespace drivers::mqtt_listener::test {

inline std::string bytes_of(
    const gateway::mqtt_codec::Packet& packet,
    gateway::mqtt_codec::Version version = gateway::mqtt_codec::Version::mqtt_5
) {
    std::string bytes;
    static_cast<void>(gateway::mqtt_codec::encode(packet, version, bytes));
    return bytes;
}

// What happens to a channel, and what it gets from the device; outlives it.
struct ChannelScript {
    explicit ChannelScript(const boost::asio::any_io_executor& reactor)
        : sent_by_device(reactor), taken_by_device(reactor) {}

    void send(const std::string& bytes) {
        incoming += bytes;
        sent_by_device.notify();
    }
    void leave() {
        has_left = true;
        sent_by_device.notify();
    }
    void take_answers() {
        is_deaf = false;
        taken_by_device.notify();
    }

    std::string incoming;      // sent and not read yet
    std::string outgoing;      // what the device has got
    bool is_deaf = false;      // the device takes nothing
    bool breaks_next = false;  // the next write fails
    bool has_left = false;     // the device has closed its side
    bool is_shut = false;
    int writes = 0;
    gateway::runtime::Condition sent_by_device;
    gateway::runtime::Condition taken_by_device;
};

class ScriptedChannel final : public ByteChannel {
  public:
    explicit ScriptedChannel(ChannelScript& script) : script_(script) {}

    boost::asio::awaitable<boost::system::error_code> open() override {
        co_return boost::system::error_code{};
    }

    boost::asio::awaitable<std::size_t> read_some(
        boost::asio::mutable_buffer room, boost::system::error_code& failure
    ) override {
        while (script_.incoming.empty() && !script_.is_shut && !script_.has_left)
            co_await script_.sent_by_device.wait();
        if (script_.incoming.empty()) failure = boost::asio::error::eof;
        if (script_.is_shut) failure = boost::asio::error::operation_aborted;
        if (failure) co_return 0;
        const std::size_t size =
            boost::asio::buffer_copy(room, boost::asio::buffer(script_.incoming));
        script_.incoming.erase(0, size);
        co_return size;
    }

    boost::asio::awaitable<boost::system::error_code> write(boost::asio::const_buffer bytes
    ) override {
        ++script_.writes;
        while (script_.is_deaf && !script_.is_shut) co_await script_.taken_by_device.wait();
        if (script_.is_shut) co_return boost::asio::error::operation_aborted;
        if (script_.breaks_next) co_return boost::asio::error::broken_pipe;
        script_.outgoing.append(static_cast<const char*>(bytes.data()), bytes.size());
        co_return boost::system::error_code{};
    }

    void shut() override {
        script_.is_shut = true;
        script_.sent_by_device.notify();
        script_.taken_by_device.notify();
    }

  private:
    ChannelScript& script_;
};

}  // namespace drivers::mqtt_listener::test
