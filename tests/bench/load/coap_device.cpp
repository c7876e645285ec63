#include "tests/bench/load/coap_device.hpp"

#include "tests/bench/load/coap_packets.hpp"

#include <sys/socket.h>

#include <array>

namespace bench {

CoapDevice::CoapDevice(Surroundings surroundings, Poller& poller, std::uint32_t number)
    : around_(surroundings),
      number_(number),
      socket_(udp_socket_to(around_.way.port)),
      id_(static_cast<std::uint16_t>(number * 7919U)) {
    poller.add(socket_, number_);
}

void CoapDevice::post(SteadyTime now) {
    reading_ = around_.fleet.next(number_);
    ++id_;
    ++token_;
    std::string path = around_.way.path_before;
    append_meter_name(path, number_);
    path += around_.way.path_after;
    std::string payload;
    append_meter_payload(payload, reading_);
    request_.clear();
    append_post(request_, {id_, token_, path, payload});
    is_waiting_ = true;
    is_acknowledged_ = false;
    retransmissions_ = 0;
    first_sent_ = now;
    timeout_ = kAcknowledgementTimeout;
    due_ = now + timeout_;
    transmit();
}

// What the kernel drops is as lost as on any network: it is sent again.
void CoapDevice::transmit() {
    static_cast<void>(send(socket_.get(), request_.data(), request_.size(), 0));
}

bool CoapDevice::receive(SteadyTime now) {
    std::array<char, 1472> bytes{};
    bool is_over = false;
    while (true) {
        const auto size = recv(socket_.get(), bytes.data(), bytes.size(), 0);
        if (size < 0) return is_over;
        is_over = take({bytes.data(), static_cast<std::size_t>(size)}, now) || is_over;
    }
}

bool CoapDevice::take(std::string_view datagram, SteadyTime now) {
    const auto answer = read_answer(datagram);
    if (!answer) return false;
    if (answer->type == CoapAnswer::Type::con) {
        std::string acknowledgement;
        append_acknowledgement(acknowledgement, answer->id);
        static_cast<void>(send(socket_.get(), acknowledgement.data(), acknowledgement.size(), 0));
    }
    if (!is_waiting_) return false;
    const bool is_reset = answer->type == CoapAnswer::Type::rst && answer->id == id_;
    if (answer->type == CoapAnswer::Type::ack && answer->id == id_) is_acknowledged_ = true;
    if (!is_reset && (answer->code_class == 0 || answer->token != token_)) return false;
    is_waiting_ = false;
    if (answer->code_class == 2) {
        around_.fleet.acknowledge(reading_, now - first_sent_);
    } else {
        ++around_.counts.refused;
    }
    return true;
}

bool CoapDevice::keep_time(SteadyTime now) {
    if (!is_waiting_ || now < due_) return false;
    const bool is_hopeless = !is_acknowledged_ && retransmissions_ == kRetransmissionsMax;
    if (is_hopeless || now - first_sent_ > kAnswerMax) {
        is_waiting_ = false;
        ++around_.counts.given_up;
        return true;
    }
    if (is_acknowledged_) {
        due_ = first_sent_ + kAnswerMax;
        return false;
    }
    ++retransmissions_;
    ++around_.counts.retransmitted;
    timeout_ *= 2;
    due_ = now + timeout_;
    transmit();
    return false;
}

}  // namespace bench
