#pragma once
#include "drivers/driver.hpp"
#include "drivers/mqtt_listener/connection.hpp"
#include "drivers/mqtt_listener/hall.hpp"
#include "drivers/mqtt_listener/occupancy.hpp"
#include "drivers/mqtt_listener/tls_server.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/runtime/file_change.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>

namespace drivers::mqtt_listener {

// The MQTT server end: devices connect to the gateway itself and publish. A PUBACK or a PUBREC
// leaves after the commit of the message; README.md has the whole contract. On the reactor.
class MqttListenerDriver final : public Driver {
  public:
    MqttListenerDriver(const gateway::settings::Source& source, Surroundings around);
    ~MqttListenerDriver() override;

    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    // A place where devices connect.
    struct Door {
        boost::asio::ip::tcp::acceptor acceptor;
        bool is_secure = false;
    };
    struct Guest {
        boost::asio::ip::address address;
        std::unique_ptr<Connection> connection;
    };
    using Guests = std::list<Guest>;  // in the order of their arrival

    gateway::model::Result<void> open();
    gateway::model::Result<void> load_accounts();
    gateway::model::Result<void> make_tls();
    gateway::model::Result<void> open_door(const std::string& address, bool is_secure);
    boost::asio::awaitable<void> let_in(Door& door);
    bool has_place_for(const boost::asio::ip::address& address) const;
    void make_room(const boost::asio::ip::address& address);
    void admit(boost::asio::ip::tcp::socket socket, bool is_secure);
    boost::asio::awaitable<void> host(Guests::iterator guest);
    boost::asio::awaitable<void> watch();
    gateway::model::Result<gateway::runtime::DeviceKeys> read_keys();
    void renew_credentials();
    bool renew_accounts();
    bool renew_keys();
    bool renew_revocations();
    void report_turnaways();

    const gateway::settings::MqttListener settings_;
    const std::string name_;
    Hall hall_;
    std::unique_ptr<TlsServer> tls_;
    std::list<Door> doors_;
    Guests guests_;
    Occupancy occupancy_;
    std::list<Guest*> strangers_;  // who has not introduced himself, in the order of arrival
    gateway::runtime::FileChange accounts_change_;
    gateway::runtime::FileChange keys_change_;
    gateway::runtime::FileChange crl_change_;
    std::map<std::string, std::uint64_t> reported_;  // turnaways, by cause
    std::string detail_;
    gateway::runtime::Condition left_;
    gateway::runtime::TaskGroup tasks_;
};

}  // namespace drivers::mqtt_listener
