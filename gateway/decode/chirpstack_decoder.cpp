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
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/lorawan_envelope.hpp"
#include "gateway/decode/lorawan_payload.hpp"
#include "gateway/model/message.hpp"

namespace gateway::decode {
namespace {

using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;

class ChirpstackDecoder final : public Decoder {
  public:
    explicit ChirpstackDecoder(const settings::Format& format) : payload_(format) {
        event_.select_leaves("/object");
        object_.select_leaves("");
    }

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    JsonSelector event_;
    JsonSelector object_;  // of objectJSON
    LorawanPayload payload_;
    JsonSelector::Slot object_json_ = event_.select("/objectJSON");
    LorawanEnvelope envelope_{
        event_,
        {.dev_eui = {"/deviceInfo/devEui", "/devEUI"},
         .device_name = {"/deviceInfo/deviceName", "/deviceName"},
         .application = {"/deviceInfo/applicationName", "/applicationName"},
         .f_port = {"/fPort"},
         .f_cnt = {"/fCnt"},
         .payload = {"/data"},
         .time = {"/time"},
         .later_time = {"/publishedAt"},
         .latitude = {},
         .longitude = {},
         .receptions = {
             "/rxInfo", {"/rssi"}, {"/snr", "/loRaSNR"}, {"/gwTime", "/nsTime", "/time"}}}};
};

Decoded<void> ChirpstackDecoder::decode(const model::Frame& frame, model::Readings& out) {
    if (auto read = event_.read(frame.payload); !read) return read;
    const auto message = event_.message();
    if (!envelope_.names_device(message))
        return Fault{Refusal::missing_field, translatable("the event has no device EUI")};
    if (!envelope_.is_uplink(message)) return {};
    const auto uplink = envelope_.read(event_);
    if (!uplink) return uplink.error();
    const JsonScalar& text = message[object_json_];
    if (text.kind != JsonScalar::Kind::text || text.text.empty())
        return payload_.decode(*uplink, &event_, frame, out);
    if (auto read = object_.read(text.text); !read) return read;
    return payload_.decode(*uplink, &object_, frame, out);
}

}  // namespace

std::unique_ptr<Decoder> make_chirpstack_decoder(const settings::Format& format) {
    return std::make_unique<ChirpstackDecoder>(format);
}

}  // namespace gateway::decode
