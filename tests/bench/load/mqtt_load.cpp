#include "tests/bench/load/mqtt_load.hpp"

#include "tests/bench/load/outcome.hpp"

#include <algorithm>

namespace bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kTick{1};  // of a rate
constexpr milliseconds kIdle{50};

}  // namespace

MqttLoad::MqttLoad(const MqttWay& way, Fleet& fleet, std::uint32_t connections)
    : fleet_(fleet), way_(way) {
    allow_sockets(connections);
    const MqttConnection::Surroundings around{way_, fleet_, poller_, counts_};
    connections_.reserve(connections);
    for (std::uint32_t number = 0; number < connections; ++number)
        connections_.emplace_back(around, number, connections);
}

bool MqttLoad::connect() {
    const auto deadline = steady_clock::now() + kConnectMax;
    const auto is_up = [](const MqttConnection& connection) { return connection.is_up(); };
    while (!std::all_of(connections_.begin(), connections_.end(), is_up)) {
        if (steady_clock::now() > deadline || is_asked_to_stop()) return false;
        open(steady_clock::now());
        serve(kIdle);
        if (counts_.refused > 0) return false;
    }
    return true;
}

void MqttLoad::open(SteadyTime now) {
    for (auto& connection : connections_) connection.open(now);
}

void MqttLoad::serve(milliseconds wait) {
    touched_.clear();
    if (is_flooding()) touch_idle();
    const auto events = poller_.wait(touched_.empty() ? wait : milliseconds{0});
    const auto now = steady_clock::now();
    for (const auto& event : events) {
        connections_[event.data.u32].on_event(event, now);
        touched_.push_back(event.data.u32);
    }
}

// Without acknowledgements nothing calls for the next reading but room in the socket.
bool MqttLoad::is_flooding() const {
    return way_.qos == 0 && fleet_.plan().rate <= 0 && !fleet_.is_exhausted();
}

void MqttLoad::touch_idle() {
    for (std::uint32_t number = 0; number < connections_.size(); ++number) {
        const auto& connection = connections_[number];
        if (connection.is_up() && !connection.has_unsent()) touched_.push_back(number);
    }
}

void MqttLoad::run(std::chrono::nanoseconds limit) {
    fleet_.start(steady_clock::now());
    const auto end = steady_clock::now() + limit;
    SteadyTime deadline = SteadyTime::max();
    for (std::uint32_t number = 0; number < connections_.size(); ++number)
        touched_.push_back(number);
    for (auto now = steady_clock::now(); now < deadline; now = steady_clock::now()) {
        if (deadline == SteadyTime::max() && (now >= end || is_asked_to_stop())) {
            fleet_.stop();
            deadline = now + kDrainMax;
        }
        if (way_.resumes) open(now);
        send(now);
        if (is_finished(now)) return;
        const bool is_paced = fleet_.plan().rate > 0 && !fleet_.is_exhausted();
        serve(is_paced ? kTick : kIdle);
    }
}

void MqttLoad::send(SteadyTime now) {
    const std::uint64_t allowed = fleet_.allowed(now);
    const std::uint64_t count = allowed > fleet_.offered() ? allowed - fleet_.offered() : 0;
    const bool is_paced = fleet_.plan().rate > 0;
    if (is_paced) send_at_rate(count, now);
    for (const auto number : touched_) {
        if (!is_paced) connections_[number].fill(count, now);
        connections_[number].flush(now);
    }
}

// One reading a connection in turn, as devices would send them.
void MqttLoad::send_at_rate(std::uint64_t count, SteadyTime now) {
    for (std::size_t idle = 0; count > 0 && idle < connections_.size(); ++turn_) {
        auto& connection = connections_[turn_ % connections_.size()];
        const auto filled = connection.fill(1, now);
        idle = filled > 0 ? 0 : idle + 1;
        if (filled > 0) connection.flush(now);
        count -= filled;
    }
    behind_max_ = std::max(behind_max_, count);
}

bool MqttLoad::is_finished(SteadyTime now) {
    const auto is_gone = [](const MqttConnection& connection) { return connection.is_gone(); };
    if (std::all_of(connections_.begin(), connections_.end(), is_gone)) return true;
    if (!fleet_.is_exhausted()) return false;
    const auto is_done = [&](const MqttConnection& connection) {
        if (connection.is_gone()) return true;
        if (way_.qos == 0 && has_pinged_) return connection.pong();
        return connection.in_flight() == 0 && !connection.has_unsent();
    };
    if (!std::all_of(connections_.begin(), connections_.end(), is_done)) return false;
    if (way_.qos > 0 || has_pinged_) return true;
    has_pinged_ = true;
    for (auto& connection : connections_) connection.ping(now);
    return false;
}

void MqttLoad::close() {
    for (auto& connection : connections_) connection.close();
}

}  // namespace bench
