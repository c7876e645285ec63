#pragma once
#include "gateway/runtime/condition.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace drivers::mqtt_listener {

// Who is connected, by client identifier. A device that connects again takes its session over from
// its old connection, which it may not know to be dead (MQTT 5, 3.1.4). On the reactor.
class Sessions {
  public:
    enum class Entry {
        entered,
        not_yours,  // another identity has this client identifier
        too_late,   // the old connection did not end within kTakeOverMax
    };

    explicit Sessions(boost::asio::any_io_executor reactor) : reactor_(std::move(reactor)) {}

    // Enters `client`; a connection that has it is asked to end, by its `on_taken_over`, and waited
    // for until all that it received is answered. After `entered` leave() must follow.
    boost::asio::awaitable<Entry> enter(
        std::string client, std::string identity, std::function<void()> on_taken_over
    );
    // `expiry`: how long the session outlives the connection.
    void leave(const std::string& client, std::chrono::seconds expiry);

    // Whether the session of `client` ended since it left; not known across a restart.
    bool has_expired(const std::string& client);

  private:
    struct Holder {
        std::string identity;
        std::function<void()> on_taken_over;
        std::shared_ptr<gateway::runtime::Condition> left;  // who waits for it keeps it
    };
    boost::asio::any_io_executor reactor_;
    std::unordered_map<std::string, Holder> holders_;
    // When the sessions end whose devices are away. Bounded; who is not in it has not expired.
    std::unordered_map<std::string, std::chrono::steady_clock::time_point> ends_;
};

}  // namespace drivers::mqtt_listener
