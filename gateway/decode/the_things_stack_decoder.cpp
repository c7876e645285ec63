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
#include "gateway/decode/json_members.hpp"
#include "gateway/decode/json_selector.hpp"
#include "gateway/decode/lorawan_payload.hpp"
#include "gateway/decode/lorawan_reception.hpp"
#include "gateway/model/message.hpp"

#include <array>

namespace gateway::decode {
namespace {

using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Refusal;
using model::translatable;
using Slot = JsonSelector::Slot;

class TheThingsStackDecoder final : public Decoder {
  public:
    explicit TheThingsStackDecoder(const settings::Format& format) : payload_(format) {
        message_.select_leaves("/uplink_message/decoded_payload");
    }

    Decoded<void> decode(const model::Frame& frame, model::Readings& out) override;

  private:
    Decoded<LorawanUplink> read_uplink() const;

    Slot in_uplink(std::string_view member) {
        return message_.select("/uplink_message/" + std::string{member});
    }

    JsonSelector message_;
    LorawanPayload payload_;
    Slot ids_ = message_.select("/end_device_ids");
    Slot dev_eui_ = message_.select("/end_device_ids/dev_eui");
    Slot device_id_ = message_.select("/end_device_ids/device_id");
    Slot application_ = message_.select("/end_device_ids/application_ids/application_id");
    Slot uplink_ = message_.select("/uplink_message");
    Slot f_port_ = in_uplink("f_port");
    Slot f_cnt_ = in_uplink("f_cnt");
    Slot frm_payload_ = in_uplink("frm_payload");
    Slot network_time_ = in_uplink("received_at");
    Slot application_time_ = message_.select("/received_at");
    std::array<Slot, 2> latitude_{
        in_uplink("locations/frm-payload/latitude"), in_uplink("locations/user/latitude")};
    std::array<Slot, 2> longitude_{
        in_uplink("locations/frm-payload/longitude"), in_uplink("locations/user/longitude")};
    LorawanReceptions receptions_{
        message_, {"/uplink_message/rx_metadata", {"/rssi"}, {"/snr"}, {"/time"}}};
};

Decoded<void> TheThingsStackDecoder::decode(const model::Frame& frame, model::Readings& out) {
    if (auto read = message_.read(frame.payload); !read) return read;
    const auto message = message_.message();
    if (message[ids_].kind != JsonScalar::Kind::object)
        return Fault{Refusal::missing_field, translatable("the message does not name its device")};
    if (!message[uplink_].present()) return {};
    const auto uplink = read_uplink();
    if (!uplink) return uplink.error();
    return payload_.decode(*uplink, &message_, frame, out);
}

Decoded<LorawanUplink> TheThingsStackDecoder::read_uplink() const {
    const auto message = message_.message();
    JsonMembers members;
    const auto reception = receptions_.best(message_, members);
    LorawanUplink uplink;
    uplink.dev_eui = members.text(message[dev_eui_]);
    uplink.device_name = members.text(message[device_id_]);
    uplink.application = members.text(message[application_]);
    uplink.f_port = members.number(message[f_port_]).value_or(Decimal{});
    uplink.f_cnt = members.number(message[f_cnt_]).value_or(Decimal{});
    uplink.rssi = reception.rssi;
    uplink.snr = reception.snr;
    uplink.location =
        members.position(first_present(message, latitude_), first_present(message, longitude_));
    uplink.time = members.time(message[network_time_]);
    if (!uplink.time) uplink.time = reception.time;
    if (!uplink.time) uplink.time = members.time(message[application_time_]);
    uplink.payload = members.text(message[frm_payload_]);
    if (members.fault()) return *members.fault();
    return uplink;
}

}  // namespace

std::unique_ptr<Decoder> make_the_things_stack_decoder(const settings::Format& format) {
    return std::make_unique<TheThingsStackDecoder>(format);
}

}  // namespace gateway::decode
