#include "drivers/catalogue.hpp"

#include "drivers/coap/coap_driver.hpp"
#include "drivers/mqtt/mqtt_driver.hpp"
#include "drivers/mqtt_listener/mqtt_listener_driver.hpp"
#include "drivers/replay/replay_driver.hpp"
#include "drivers/serial/serial_driver.hpp"
#include "drivers/simulator/simulator_driver.hpp"

#include <variant>

namespace drivers {

namespace settings = gateway::settings;

namespace {

// Which driver stands behind which settings; a new one is a new line.
template <class Settings>
struct DriverOf;
template <>
struct DriverOf<settings::MqttClient> {
    using Type = mqtt::MqttDriver;
};
template <>
struct DriverOf<settings::MqttListener> {
    using Type = mqtt_listener::MqttListenerDriver;
};
template <>
struct DriverOf<settings::CoapServer> {
    using Type = coap::CoapDriver;
};
template <>
struct DriverOf<settings::SerialPort> {
    using Type = serial::SerialDriver;
};
template <>
struct DriverOf<settings::Simulator> {
    using Type = simulator::SimulatorDriver;
};
template <>
struct DriverOf<settings::Replay> {
    using Type = replay::ReplayDriver;
};

}  // namespace

std::unique_ptr<Driver> make_driver(const settings::Source& source, Surroundings around) {
    return std::visit(
        [&]<class Settings>(const Settings&) -> std::unique_ptr<Driver> {
            return std::make_unique<typename DriverOf<Settings>::Type>(source, around);
        },
        source.driver
    );
}

}  // namespace drivers
