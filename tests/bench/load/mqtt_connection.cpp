#include "tests/bench/load/mqtt_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace bench {

MqttConnection::MqttConnection(
    Surroundings surroundings, std::uint32_t number, std::uint32_t connections
)
    : around_(surroundings), number_(number) {
    for (auto device = number; device < around_.fleet.plan().devices; device += connections)
        devices_.push_back(device);
    if (around_.way.qos == 0) return;
    slots_.resize(around_.way.in_flight_max);
    for (auto id = around_.way.in_flight_max; id > 0; --id) free_.push_back(id);
}

bool MqttConnection::has_room() const {
    const bool has_identifier = around_.way.qos == 0 || !free_.empty();
    return is_welcome_ && has_identifier && unsent_.size() - sent_ < kUnsentBytesMax;
}

void MqttConnection::open(SteadyTime now) {
    if (socket_.is_open() || !may_retry_ || now < retry_at_) return;
    socket_ = tcp_socket_to(around_.way.port);
    around_.poller.add(socket_, number_);
    answers_.clear();
    unsent_.clear();
    sent_ = 0;
    awaits_room_ = false;
    const auto client_id = around_.way.client_id + "-" + std::to_string(number_);
    append_connect(unsent_, client_id, !around_.way.resumes);
    flush(now);
}

void MqttConnection::on_event(const epoll_event& event, SteadyTime now) {
    if (!socket_.is_open()) return;
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(now);
    if (socket_.is_open() && (event.events & EPOLLOUT) != 0) flush(now);
}

std::uint64_t MqttConnection::fill(std::uint64_t count, SteadyTime now) {
    std::uint64_t filled = 0;
    for (; filled < count && !around_.fleet.is_exhausted() && has_room(); ++filled)
        publish_next(now);
    return filled;
}

void MqttConnection::publish_next(SteadyTime now) {
    const auto device = devices_[next_device_];
    next_device_ = (next_device_ + 1) % devices_.size();
    if (around_.way.qos == 0) {
        append(around_.fleet.next(device), 0, false);
        return;
    }
    const auto id = free_.back();
    free_.pop_back();
    auto& slot = slots_[id - 1U];
    slot = {Slot::State::published, around_.fleet.next(device), now, order_++};
    append(slot.reading, id, false);
}

void MqttConnection::append(const MeterReading& reading, std::uint16_t id, bool is_repeated) {
    topic_ = around_.way.topic_before;
    append_meter_name(topic_, reading.meter);
    topic_ += around_.way.topic_after;
    payload_.clear();
    append_meter_payload(payload_, reading);
    append_publish(unsent_, {topic_, payload_, around_.way.qos, id, is_repeated});
}

void MqttConnection::flush(SteadyTime now) {
    while (socket_.is_open() && sent_ < unsent_.size()) {
        const auto size =
            send(socket_.get(), unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL);
        if (size > 0) {
            sent_ += static_cast<std::size_t>(size);
        } else if (errno == EAGAIN || errno == ENOTCONN) {
            if (!awaits_room_) around_.poller.await_room(socket_, number_, true);
            awaits_room_ = true;
            return;
        } else {
            lose(now);
            return;
        }
    }
    unsent_.clear();
    sent_ = 0;
    if (socket_.is_open() && awaits_room_) around_.poller.await_room(socket_, number_, false);
    awaits_room_ = false;
}

void MqttConnection::receive(SteadyTime now) {
    std::array<char, 16 * 1024> bytes{};
    const auto size = recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
        lose(now);
        return;
    }
    answers_.append({bytes.data(), static_cast<std::size_t>(size)});
    while (const auto answer = answers_.next()) {
        take(*answer, now);
        if (!socket_.is_open()) return;
    }
}

void MqttConnection::take(const MqttAnswer& answer, SteadyTime now) {
    using Kind = MqttAnswer::Kind;
    if (answer.kind == Kind::connack) {
        welcome(answer);
        return;
    }
    if (answer.kind == Kind::pong) {
        has_pong_ = true;
        return;
    }
    if (answer.id == 0 || answer.id > slots_.size()) {
        std::fprintf(stderr, "an answer that a publisher is not sent\n");
        lose(now);
        return;
    }
    auto& slot = slots_[answer.id - 1U];
    if (answer.kind == Kind::pubrec) append_pubrel(unsent_, answer.id);
    if (slot.state == Slot::State::free) return;
    if (answer.kind != Kind::pubcomp) acknowledge(slot, now);
    if (answer.kind != Kind::pubrec) release(slot);
}

// With QoS 2 the PUBREC says that the reading is taken; PUBCOMP only frees the identifier.
void MqttConnection::acknowledge(Slot& slot, SteadyTime now) {
    if (slot.state != Slot::State::published) return;
    around_.fleet.acknowledge(slot.reading, now - slot.sent_at);
    slot.state = Slot::State::received;
}

void MqttConnection::release(Slot& slot) {
    slot.state = Slot::State::free;
    free_.push_back(static_cast<std::uint16_t>(&slot - slots_.data() + 1));
}

void MqttConnection::welcome(const MqttAnswer& answer) {
    if (answer.code != 0) {
        std::fprintf(stderr, "connection %u refused, code %u\n", number_, unsigned{answer.code});
        ++around_.counts.refused;
        may_retry_ = false;
        socket_.close();
        return;
    }
    is_welcome_ = true;
    send_again();
}

// In the order in which they were first sent (MQTT 3.1.1, 4.6).
void MqttConnection::send_again() {
    std::vector<Slot*> unfinished;
    for (auto& slot : slots_)
        if (slot.state != Slot::State::free) unfinished.push_back(&slot);
    std::sort(unfinished.begin(), unfinished.end(), [](const Slot* left, const Slot* right) {
        return left->order < right->order;
    });
    for (const auto* slot : unfinished) {
        const auto id = static_cast<std::uint16_t>(slot - slots_.data() + 1);
        if (slot->state == Slot::State::received) {
            append_pubrel(unsent_, id);
        } else {
            append(slot->reading, id, true);
            ++around_.counts.resent;
        }
    }
}

void MqttConnection::lose(SteadyTime now) {
    if (is_welcome_) ++around_.counts.cut;
    is_welcome_ = false;
    may_retry_ = around_.way.resumes;
    retry_at_ = now + kRetryDelay;
    socket_.close();
    unsent_.clear();
    sent_ = 0;
}

void MqttConnection::ping(SteadyTime now) {
    append_ping(unsent_);
    flush(now);
}

void MqttConnection::close() {
    if (!socket_.is_open()) return;
    may_retry_ = false;
    unsent_.clear();
    sent_ = 0;
    append_disconnect(unsent_);
    flush({});
    is_welcome_ = false;
    socket_.close();
}

}  // namespace bench
