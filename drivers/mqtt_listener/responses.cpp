#include "drivers/mqtt_listener/responses.hpp"

namespace drivers::mqtt_listener {

namespace codec = gateway::mqtt_codec;

namespace {

bool counts(Responses::Kind kind) {
    return kind == Responses::Kind::puback || kind == Responses::Kind::pubrec;
}

}  // namespace

Responses::Place Responses::open(Kind kind, codec::PacketIdentifier packet) {
    Slot slot;
    slot.kind = kind;
    slot.packet = packet;
    slots_.push_back(slot);
    if (counts(kind)) ++acknowledgements_;
    return Place{first_ + slots_.size() - 1};
}

void Responses::give(Place place, codec::ReasonCode reason, std::string_view why) {
    Slot& slot = at(place);
    slot.is_given = true;
    slot.reason = reason;
    slot.why = why;
    send_given();
}

void Responses::give_end(Place place, codec::ReasonCode reason) {
    Slot& slot = at(place);
    slot.is_given = true;
    slot.is_end = slot.kind != Kind::none;
    slot.reason = reason;
    send_given();
}

void Responses::send_given() {
    while (!slots_.empty() && slots_.front().is_given) {
        const Slot slot = slots_.front();
        slots_.pop_front();
        ++first_;
        if (counts(slot.kind)) --acknowledgements_;
        if (is_ended_) continue;
        is_ended_ = slot.is_end;
        if (slot.is_end) {
            on_end_(slot.reason);
        } else {
            send(slot);
        }
    }
}

// A text that would make the packet too large for the device is left out (MQTT 5, 3.4.2.2.2).
void Responses::send(const Slot& slot) {
    codec::Acknowledgement acknowledgement;
    acknowledgement.packet_identifier = slot.packet;
    acknowledgement.reason = slot.reason;
    if (!slot.why.empty()) {
        acknowledgement.properties.reason_string = slot.why;
        if (send(slot.kind, acknowledgement)) return;
        acknowledgement.properties.reason_string.reset();
    }
    send(slot.kind, acknowledgement);
}

bool Responses::send(Kind kind, const codec::Acknowledgement& acknowledgement) {
    switch (kind) {
        case Kind::none:
            break;
        case Kind::puback:
            return outgoing_.send(codec::Puback{acknowledgement}, version_);
        case Kind::pubrec:
            return outgoing_.send(codec::Pubrec{acknowledgement}, version_);
        case Kind::pubcomp:
            return outgoing_.send(codec::Pubcomp{acknowledgement}, version_);
    }
    return true;
}

}  // namespace drivers::mqtt_listener
