#pragma once
#include "drivers/mqtt_listener/mqtt_listener_driver.hpp"
#include "tests/component/drivers/marking_sink.hpp"
#include "tests/component/drivers/mqtt_device.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tests::drivers {

inline gateway::settings::Source listener_source(gateway::settings::MqttListener listener) {
    gateway::settings::Source source;
    source.name = "meters";
    source.topics = {"water/{device}/reading"};
    source.payload_bytes_max = 8 * 1024;
    source.driver = std::move(listener);
    return source;
}

// Devices need not say who they are, and reach it without TLS.
inline gateway::settings::MqttListener open_listener() {
    gateway::settings::MqttListener listener;
    listener.listen = "127.0.0.1:0";
    listener.anonymous = true;
    return listener;
}

// An MQTT listener and everything it needs, from its start to its stop.
struct ListenerRig {
    explicit ListenerRig(const gateway::settings::MqttListener& listener = open_listener())
        : driver(std::make_unique<::drivers::mqtt_listener::MqttListenerDriver>(
              listener_source(listener),
              ::drivers::Surroundings{
                  gateway::model::SourceId{5}, sink, sessions, reactor.executor(), clock, log}
          )) {
        started = reactor.call([this] { return driver->start().has_value(); });
    }
    ~ListenerRig() {
        if (driver) reactor.await(driver->stop());
        reactor.call([this] { driver.reset(); });
    }
    ListenerRig(const ListenerRig&) = delete;
    ListenerRig& operator=(const ListenerRig&) = delete;

    ::drivers::DriverState state() {
        return reactor.call([this] { return driver->state(); });
    }

    // The port of the first (plain) or last (TLS) place where it listens.
    std::uint16_t port() {
        const std::string detail = state().detail;
        return static_cast<std::uint16_t>(std::stoi(detail.substr(detail.rfind(':') + 1)));
    }

    bool received(std::size_t frames) {
        return eventually([this, frames] { return sink.count() >= frames; });
    }
    bool turned_away(const std::string& cause, std::uint64_t times = 1) {
        return eventually([&] { return turned_away_now(cause) >= times; }) &&
               turned_away_now(cause) == times;
    }
    std::uint64_t turned_away_now(const std::string& cause) {
        const auto causes = state().turned_away;
        const auto found = causes.find(cause);
        return found == causes.end() ? 0 : found->second;
    }
    bool has_guests(std::uint64_t count) {
        return eventually([&] { return state().connections == count; });
    }

    void refuse_at_once(gateway::model::Refusal cause) {
        reactor.call([this, cause] { sink.refusal_at_once = cause; });
    }
    void hold_sessions() {
        reactor.call([this] { sessions.is_held = true; });
    }
    void release_sessions() {
        reactor.call([this] {
            sessions.is_held = false;
            sessions.changed.notify();
        });
    }

    ReactorThread reactor;
    HeldSessions sessions{reactor.executor()};
    MarkingSink sink{reactor.executor(), sessions};
    gateway::runtime::SystemClock clock;
    QuietLog log;
    std::unique_ptr<::drivers::mqtt_listener::MqttListenerDriver> driver;
    bool started = false;
};

}  // namespace tests::drivers
