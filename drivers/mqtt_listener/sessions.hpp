#pragma once
#include "drivers/mqtt_listener/device.hpp"
#include "gateway/runtime/condition.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace drivers::mqtt_listener {

// Who is connected, by client identifier. A device that connects again takes its session over from
// its old connection, which it may not know to be dead (MQTT 5, 3.1.4). On the reactor.
class Sessions {
    using Clock = std::chrono::steady_clock;

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
    // Its session ends later by the device's expiry.
    void leave(const Device& device, Clock::time_point now = Clock::now());

    // Counts the lasting session of a device that has entered among those of its identity. Beyond
    // kSessionsPerIdentityMax the idlest of them makes room: `idlest` must be forgotten. False when
    // the devices of all of them are connected. What was counted is not known across a restart, and
    // who has no identity is not counted.
    bool keep(const Device& device, std::optional<std::string>& idlest);

    // Its session is no lasting one.
    void let_go(const Device& device);

    // Whether the session ended since its device left; not known across a restart. To be asked
    // once, when the device is back.
    bool has_expired(const Device& device, Clock::time_point now = Clock::now());

  private:
    struct Holder {
        std::string identity;
        std::function<void()> on_taken_over;
        std::shared_ptr<gateway::runtime::Condition> left;  // who waits for it keeps it
    };
    using Clients = std::vector<std::string>;

    bool is_here(const std::string& client, const std::string& identity) const;

    boost::asio::any_io_executor reactor_;
    std::unordered_map<std::string, Holder> holders_;
    // The clients of each identity that have a lasting session, the idlest first.
    std::unordered_map<std::string, Clients> lasting_;
    // When the sessions end whose devices are away, by Device::session(): two identities may have
    // used one client identifier. Bounded; who is not in it has not expired.
    std::unordered_map<std::string, Clock::time_point> ends_;
};

}  // namespace drivers::mqtt_listener
