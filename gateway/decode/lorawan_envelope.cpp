#include "gateway/decode/lorawan_envelope.hpp"

#include "gateway/decode/json_members.hpp"

namespace gateway::decode {

LorawanEnvelope::Slots LorawanEnvelope::select_all(JsonSelector& selector, Pointers pointers) {
    Slots slots;
    for (const std::string_view pointer : pointers) slots.push_back(selector.select(pointer));
    return slots;
}

LorawanEnvelope::LorawanEnvelope(JsonSelector& selector, const Names& names)
    : dev_eui_(select_all(selector, names.dev_eui)),
      device_name_(select_all(selector, names.device_name)),
      application_(select_all(selector, names.application)),
      f_port_(select_all(selector, names.f_port)),
      f_cnt_(select_all(selector, names.f_cnt)),
      payload_(select_all(selector, names.payload)),
      time_(select_all(selector, names.time)),
      later_time_(select_all(selector, names.later_time)),
      latitude_(select_all(selector, names.latitude)),
      longitude_(select_all(selector, names.longitude)),
      receptions_(selector, names.receptions) {}

model::Decoded<LorawanUplink> LorawanEnvelope::read(const JsonSelector& selector) const {
    const auto message = selector.message();
    JsonMembers members;
    const auto reception = receptions_.best(selector, members);
    LorawanUplink uplink;
    uplink.dev_eui = members.text(first_present(message, dev_eui_));
    uplink.device_name = members.text(first_present(message, device_name_));
    uplink.application = members.text(first_present(message, application_));
    uplink.f_port = members.number(first_present(message, f_port_));
    uplink.f_cnt = members.number(first_present(message, f_cnt_));
    uplink.rssi = reception.rssi;
    uplink.snr = reception.snr;
    uplink.location =
        members.position(first_present(message, latitude_), first_present(message, longitude_));
    uplink.time = members.time(first_present(message, time_));
    if (!uplink.time) uplink.time = reception.time;
    if (!uplink.time) uplink.time = members.time(first_present(message, later_time_));
    uplink.payload = members.text(first_present(message, payload_));
    if (members.fault()) return *members.fault();
    return uplink;
}

bool LorawanEnvelope::names_device(JsonSelector::Row message) const {
    return first_present(message, dev_eui_).present();
}

bool LorawanEnvelope::is_uplink(JsonSelector::Row message) const {
    return first_present(message, f_port_).present() || first_present(message, payload_).present();
}

}  // namespace gateway::decode
