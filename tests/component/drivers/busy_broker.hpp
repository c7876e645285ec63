#pragma once
#include "tests/component/drivers/reactor_thread.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <string>

namespace tests::drivers {

// An MQTT 5 broker that resumes the session of whoever comes with what waited in it, a message of
// QoS 1 as soon as the one before is acknowledged, and is too busy with that to answer SUBSCRIBE.
class BusyBroker {
  public:
    explicit BusyBroker(int waiting);
    ~BusyBroker();

    std::string url() const;
    int connections() const { return connections_; }
    int acknowledged() const { return acknowledged_; }

  private:
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> talk(boost::asio::ip::tcp::socket socket);
    std::string answer(std::string_view packet);
    std::string next_message();

    int waiting_;
    std::atomic<int> connections_ = 0, acknowledged_ = 0;
    ReactorThread reactor_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

}  // namespace tests::drivers
