#pragma once
#include "tests/bench/load/fleet.hpp"
#include "tests/bench/load/mqtt_packets.hpp"
#include "tests/bench/load/poller.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

// How all connections of a load are.
struct MqttWay {
    std::uint16_t port = 1883;
    std::string client_id = "load";  // the connection's number follows
    std::string topic_before;        // of the device's name
    std::string topic_after;
    unsigned qos = 1;
    std::uint16_t in_flight_max = 50;
    bool resumes = false;  // connects again when it is cut, and sends again what is unacknowledged
};

struct MqttCounts {
    std::uint64_t resent = 0;
    std::uint64_t cut = 0;      // connections that were up
    std::uint64_t refused = 0;  // connections that got no welcome
};

// One MQTT session that publishes the readings of its share of the fleet. `way`, `fleet`, `poller`
// and `counts` outlive it.
class MqttConnection {
  public:
    struct Surroundings {
        const MqttWay& way;
        Fleet& fleet;
        Poller& poller;
        MqttCounts& counts;
    };
    static constexpr std::chrono::milliseconds kRetryDelay{100};

    // Plays the devices `number`, `number + connections`, and so on.
    MqttConnection(Surroundings surroundings, std::uint32_t number, std::uint32_t connections);

    bool is_up() const { return is_welcome_; }
    // Cut, and not to come back.
    bool is_gone() const { return !socket_.is_open() && !may_retry_; }
    bool has_unsent() const { return !unsent_.empty(); }
    bool has_room() const;
    std::size_t in_flight() const { return slots_.size() - free_.size(); }

    // Connects, if it is not connected and its time has come.
    void open(SteadyTime now);

    void on_event(const epoll_event& event, SteadyTime now);

    // Adds readings to what leaves with the next flush(), `count` at most; how many.
    std::uint64_t fill(std::uint64_t count, SteadyTime now);
    void flush(SteadyTime now);

    // For QoS 0: pong() once the other side has read everything.
    void ping(SteadyTime now);
    bool pong() const { return has_pong_; }

    void close();

  private:
    struct Slot {  // its number + 1 is the packet identifier
        enum class State { free, published, received } state = State::free;
        MeterReading reading;
        SteadyTime sent_at;
        std::uint64_t order = 0;
    };
    static constexpr std::size_t kUnsentBytesMax = 64 * 1024;

    void publish_next(SteadyTime now);
    void append(const MeterReading& reading, std::uint16_t id, bool is_repeated);
    void receive(SteadyTime now);
    void take(const MqttAnswer& answer, SteadyTime now);
    void acknowledge(Slot& slot, SteadyTime now);
    void release(Slot& slot);
    void welcome(const MqttAnswer& answer);
    void send_again();
    void lose(SteadyTime now);

    Surroundings around_;
    std::uint32_t number_;
    std::vector<std::uint32_t> devices_;
    std::size_t next_device_ = 0;
    Descriptor socket_;
    bool is_welcome_ = false;
    bool may_retry_ = true;
    bool awaits_room_ = false;
    bool has_pong_ = false;
    SteadyTime retry_at_{};
    std::string unsent_;
    std::size_t sent_ = 0;  // bytes of unsent_ that have left
    std::string topic_;     // reused, as is payload_
    std::string payload_;
    MqttAnswers answers_;
    std::vector<Slot> slots_;
    std::vector<std::uint16_t> free_;  // identifiers
    std::uint64_t order_ = 0;
};

}  // namespace bench
