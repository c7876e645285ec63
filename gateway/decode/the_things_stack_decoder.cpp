#include "gateway/decode/the_things_stack_decoder.hpp"

// The members of an uplink ("Data Formats" of the documentation of The Things Stack):
//
//     end_device_ids.dev_eui                              hex
//     end_device_ids.device_id
//     end_device_ids.application_ids.application_id
//     received_at                                         by the application server
//     uplink_message.received_at                          by the network server
//     uplink_message.f_port  f_cnt  frm_payload           base64
//     uplink_message.decoded_payload
//     uplink_message.rx_metadata[] rssi snr time
//     uplink_message.locations.{frm-payload,user}         measured by the device, or entered
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/lorawan_envelope.hpp"
#include "gateway/decode/lorawan_payload.hpp"
#include "gateway/model/message.hpp"

namespace gateway::decode {
namespace {

using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;

class TheThingsStackDecoder final : public Decoder {
  public:
    explicit TheThingsStackDecoder(const settings::Format& format) : payload_(format) {
        message_.select_leaves("/uplink_message/decoded_payload");
    }

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    JsonSelector message_;
    LorawanPayload payload_;
    JsonSelector::Slot ids_ = message_.select("/end_device_ids");
    JsonSelector::Slot uplink_ = message_.select("/uplink_message");
    LorawanEnvelope envelope_{
        message_,
        {.dev_eui = {"/end_device_ids/dev_eui"},
         .device_name = {"/end_device_ids/device_id"},
         .application = {"/end_device_ids/application_ids/application_id"},
         .f_port = {"/uplink_message/f_port"},
         .f_cnt = {"/uplink_message/f_cnt"},
         .payload = {"/uplink_message/frm_payload"},
         .time = {"/uplink_message/received_at"},
         .later_time = {"/received_at"},
         .latitude =
             {"/uplink_message/locations/frm-payload/latitude",
              "/uplink_message/locations/user/latitude"},
         .longitude =
             {"/uplink_message/locations/frm-payload/longitude",
              "/uplink_message/locations/user/longitude"},
         .receptions = {"/uplink_message/rx_metadata", {"/rssi"}, {"/snr"}, {"/time"}}}};
};

Decoded<void> TheThingsStackDecoder::decode(const model::Frame& frame, model::Readings& out) {
    if (auto read = message_.read(frame.payload); !read) return read;
    const auto message = message_.message();
    if (message[ids_].kind != JsonScalar::Kind::object)
        return Fault{Refusal::missing_field, translatable("the message does not name its device")};
    if (!message[uplink_].present()) return {};
    auto uplink = envelope_.read(message_);
    if (!uplink) return uplink.error();
    // The server leaves out numbers that are 0.
    if (!uplink->f_port) uplink->f_port = Decimal{};
    if (!uplink->f_cnt) uplink->f_cnt = Decimal{};
    return payload_.decode(*uplink, &message_, frame, out);
}

}  // namespace

std::unique_ptr<Decoder> make_the_things_stack_decoder(const settings::Format& format) {
    return std::make_unique<TheThingsStackDecoder>(format);
}

}  // namespace gateway::decode
