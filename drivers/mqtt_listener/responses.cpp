#include "drivers/mqtt_listener/responses.hpp"

namespace drivers::mqtt_listener {

namespace codec = mqtt_codec;

Responses::Place Responses::open(Kind kind, codec::PacketIdentifier packet) {
    Slot slot;
    slot.kind = kind;
    slot.packet = packet;
    slots_.push_back(slot);
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
        if (is_ended_) continue;
        is_ended_ = slot.is_end;
        if (slot.is_end) {
            on_end_(slot.reason);
        } else {
            send(slot);
        }
    }
}

void Responses::send(const Slot& slot) {
    switch (slot.kind) {
        case Kind::none:
            return;
        case Kind::puback:
            return outgoing_.send(codec::Puback{acknowledgement(slot)}, version_);
        case Kind::pubrec:
            return outgoing_.send(codec::Pubrec{acknowledgement(slot)}, version_);
        case Kind::pubcomp:
            return outgoing_.send(codec::Pubcomp{acknowledgement(slot)}, version_);
    }
}

codec::Acknowledgement Responses::acknowledgement(const Slot& slot) const {
    codec::Acknowledgement made;
    made.packet_identifier = slot.packet;
    made.reason = slot.reason;
    if (!slot.why.empty()) made.properties.reason_string = slot.why;
    return made;
}

}  // namespace drivers::mqtt_listener
