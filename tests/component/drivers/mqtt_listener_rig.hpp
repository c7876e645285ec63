#pragma once
#include "drivers/mqtt_listener/mqtt_listener_driver.hpp"
#include "gateway/runtime/condition.hpp"
#include "tests/component/drivers/mqtt_device.hpp"
#include "tests/component/drivers/quiet_log.hpp"
#include "tests/component/drivers/reactor_thread.hpp"
#include "tests/component/drivers/scripted_sessions.hpp"
#include "tests/component/drivers/scripted_sink.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tests::drivers {

// Sessions whose changes wait for the disk while they are held, or fail.
class HeldSessions final : public ScriptedSessions {
    using Outcome = gateway::model::Decoded<void>;

  public:
    explicit HeldSessions(boost::asio::any_io_executor reactor) : changed(std::move(reactor)) {}

    boost::asio::awaitable<Outcome> remember(std::string session) override {
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::remember(std::move(session));
    }
    boost::asio::awaitable<Outcome> release(std::string session, std::uint16_t packet) override {
        ++releases;
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::release(std::move(session), packet);
    }
    boost::asio::awaitable<Outcome> forget(std::string session) override {
        while (is_held) co_await changed.wait();
        if (fails) co_return failure();
        co_return co_await ScriptedSessions::forget(std::move(session));
    }

    bool is_held = false;  // this and what follows: on the reactor
    bool fails = false;
    int releases = 0;  // asked for
    gateway::runtime::Condition changed;

  private:
    static gateway::model::Fault failure() {
        return {gateway::model::Refusal::store_failed, "scripted"};
    }
};

// A sink that takes a marked frame once, and leaves its mark in the sessions, as the pipeline does.
// What is in it: on the reactor.
class MarkingSink final : public ScriptedSink {
    using Pending = gateway::ingest::Pending;
    using Receipt = gateway::ingest::Receipt;

  public:
    MarkingSink(boost::asio::any_io_executor reactor, ScriptedSessions& sessions)
        : ScriptedSink(std::move(reactor)), sessions_(sessions) {}

    gateway::model::Decoded<Pending> submit(gateway::model::Frame frame) override {
        if (const auto cause = std::exchange(refusal_at_once, std::nullopt))
            return gateway::model::Fault{*cause, "scripted"};
        const auto mark = frame.mark;
        if (mark && sessions_.packets[mark->session].contains(mark->packet_id)) {
            ++repetitions;
            Pending pending;
            pending.is_repetition = true;
            return pending;
        }
        auto pending = ScriptedSink::submit(std::move(frame));
        if (pending) pending->mark = mark;
        return pending;
    }
    boost::asio::awaitable<gateway::model::Decoded<Receipt>> settled(Pending pending) override {
        if (pending.is_repetition) co_return Receipt{0, 1};
        const auto mark = pending.mark;
        auto receipt = co_await ScriptedSink::settled(std::move(pending));
        if (receipt && mark) sessions_.packets[mark->session].insert(mark->packet_id);
        co_return receipt;
    }

    std::optional<gateway::model::Refusal> refusal_at_once;  // of the next frame, not kept
    int repetitions = 0;

  private:
    ScriptedSessions& sessions_;
};

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
