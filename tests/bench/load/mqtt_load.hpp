#pragma once
#include "tests/bench/load/mqtt_connection.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace bench {

// A fleet behind many MQTT connections, all on this thread.
class MqttLoad {
  public:
    // `way` and `fleet` outlive it.
    MqttLoad(const MqttWay& way, Fleet& fleet, std::uint32_t connections);

    // Connects everybody; false if that was not to be had within kConnectMax.
    bool connect();

    // Sends what the fleet has until everything is acknowledged, nobody is connected for good, the
    // time is over or a signal came. What is under way then may still be acknowledged for
    // kDrainMax.
    void run(std::chrono::nanoseconds limit);

    void close();

    const MqttCounts& counts() const { return counts_; }
    // The most that a rate was ever behind, because nobody had room.
    std::uint64_t behind_max() const { return behind_max_; }

    static constexpr std::chrono::seconds kConnectMax{30};
    static constexpr std::chrono::seconds kDrainMax{5};

  private:
    void open(SteadyTime now);
    void serve(std::chrono::milliseconds wait);
    bool is_flooding() const;
    void touch_idle();
    void send(SteadyTime now);
    void send_at_rate(std::uint64_t count, SteadyTime now);
    bool is_finished(SteadyTime now);

    Fleet& fleet_;
    const MqttWay& way_;
    MqttCounts counts_;
    Poller poller_;
    std::vector<MqttConnection> connections_;
    std::vector<std::uint32_t> touched_;  // by what the last turn brought
    std::size_t turn_ = 0;
    bool has_pinged_ = false;
    std::uint64_t behind_max_ = 0;
};

}  // namespace bench
