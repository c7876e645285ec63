#include "gateway/decode/chirpstack_decoder.hpp"

// The members of an event, by version (chirpstack.io, "Event types" of each version):
//
//     version 4                       version 3
//     deviceInfo.devEui       hex     devEUI           base64, or hex in the older JSON
//     deviceInfo.deviceName           deviceName
//     deviceInfo.applicationName      applicationName
//     time                            publishedAt
//     fPort  fCnt  data               fPort  fCnt  data
//     object                          objectJSON       a JSON text; object in the older JSON
//     rxInfo[] rssi snr               rxInfo[] rssi loRaSNR
//              gwTime nsTime time              time
//
// Only an uplink has `data` or `fPort`.
#include "gateway/decode/json_members.hpp"
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/lorawan_payload.hpp"
#include "gateway/decode/lorawan_reception.hpp"
#include "gateway/model/message.hpp"

#include <array>

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Slot = JsonSelector::Slot;

class ChirpstackDecoder final : public Decoder {
  public:
    explicit ChirpstackDecoder(const settings::Format& format) : payload_(format) {
        event_.select_leaves("/object");
        object_.select_leaves("");
    }

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    Decoded<LorawanUplink> read_uplink() const;

    JsonSelector event_;
    JsonSelector object_;  // of objectJSON
    LorawanPayload payload_;
    std::array<Slot, 2> dev_eui_{event_.select("/deviceInfo/devEui"), event_.select("/devEUI")};
    std::array<Slot, 2> device_name_{
        event_.select("/deviceInfo/deviceName"), event_.select("/deviceName")};
    std::array<Slot, 2> application_{
        event_.select("/deviceInfo/applicationName"), event_.select("/applicationName")};
    std::array<Slot, 2> time_{event_.select("/time"), event_.select("/publishedAt")};
    Slot f_port_ = event_.select("/fPort");
    Slot f_cnt_ = event_.select("/fCnt");
    Slot data_ = event_.select("/data");
    Slot object_json_ = event_.select("/objectJSON");
    LorawanReceptions receptions_{
        event_, {"/rxInfo", {"/rssi"}, {"/snr", "/loRaSNR"}, {"/gwTime", "/nsTime", "/time"}}};
};

Decoded<void> ChirpstackDecoder::decode(const model::Frame& frame, model::Readings& out) {
    if (auto read = event_.read(frame.payload); !read) return read;
    const auto message = event_.message();
    if (!first_present(message, dev_eui_).present())
        return Fault{Refusal::missing_field, translatable("the event has no device EUI")};
    if (!message[f_port_].present() && !message[data_].present()) return {};
    const auto uplink = read_uplink();
    if (!uplink) return uplink.error();
    const JsonScalar& text = message[object_json_];
    if (text.kind != JsonScalar::Kind::text || text.text.empty())
        return payload_.decode(*uplink, &event_, frame, out);
    if (auto read = object_.read(text.text); !read) return read;
    return payload_.decode(*uplink, &object_, frame, out);
}

Decoded<LorawanUplink> ChirpstackDecoder::read_uplink() const {
    const auto message = event_.message();
    JsonMembers members;
    const auto reception = receptions_.best(event_, members);
    LorawanUplink uplink;
    uplink.dev_eui = members.text(first_present(message, dev_eui_));
    uplink.device_name = members.text(first_present(message, device_name_));
    uplink.application = members.text(first_present(message, application_));
    uplink.f_port = members.number(message[f_port_]);
    uplink.f_cnt = members.number(message[f_cnt_]);
    uplink.rssi = reception.rssi;
    uplink.snr = reception.snr;
    uplink.time = members.time(message[time_[0]]);
    if (!uplink.time) uplink.time = reception.time;
    if (!uplink.time) uplink.time = members.time(message[time_[1]]);
    uplink.payload = members.text(message[data_]);
    if (members.fault()) return *members.fault();
    return uplink;
}

}  // namespace

std::unique_ptr<Decoder> make_chirpstack_decoder(const settings::Format& format) {
    return std::make_unique<ChirpstackDecoder>(format);
}

}  // namespace gateway::decode
