#pragma once
#include "drivers/driver.hpp"
#include "drivers/mqtt/arrivals.hpp"
#include "drivers/mqtt/broker_session.hpp"
#include "drivers/surroundings.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/settings/settings.hpp"

#include <memory>
#include <string>
#include <vector>

namespace drivers::mqtt {

// Subscribes to the topics of a source at a broker that already exists. A QoS 1 message is
// acknowledged (PUBACK) after its readings are committed; README.md tells how. The sink, the clock
// and the log outlive the driver and the run of the reactor.
class MqttDriver final : public Driver {
  public:
    // How long a message may wait for its commit; never more than half the keep-alive, since the
    // client library sends no PINGREQ meanwhile.
    static constexpr std::chrono::milliseconds kVerdictWaitMax{20'000};
    static constexpr std::chrono::milliseconds kReconnectMin{250};
    static constexpr std::chrono::milliseconds kReconnectMax{60'000};
    // A connection that lasted this long was a good one: the next attempt follows soon.
    static constexpr std::chrono::seconds kStableAfter{30};

    MqttDriver(const gateway::settings::Source& source, Surroundings around);
    ~MqttDriver() override;

    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    struct Loss;  // the end of one connection, as the reactor learns of it

    boost::asio::awaitable<void> stay_connected();
    boost::asio::awaitable<bool> live_once();
    boost::asio::awaitable<void> wait_for_loss(std::shared_ptr<Loss> loss);
    std::string open_session(const std::shared_ptr<Loss>& loss);
    bool is_receiving() const;
    std::string connected_words() const;
    void note_connected();
    void note_failure(const std::string& reason);

    const gateway::settings::MqttClient settings_;
    const std::string name_;
    const std::string client_id_;
    const std::size_t payload_bytes_max_;
    std::vector<std::string> filters_;
    boost::asio::any_io_executor reactor_;
    gateway::observe::Log& log_;

    std::shared_ptr<Arrivals> arrivals_;
    std::unique_ptr<BrokerSession> session_;  // touched by worker_ alone
    bool connected_ = false;
    bool is_opening_ = false;
    std::uint64_t taken_before_opening_ = 0;
    std::string detail_;
    gateway::runtime::TaskGroup tasks_;
    gateway::runtime::WorkerThread worker_{"mqtt-source"};
};

}  // namespace drivers::mqtt
