#pragma once
#include "gateway/decode/decoder.hpp"
#include "gateway/decode/json_selector.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::decode {

// What a LoRaWAN network server tells of an uplink, apart from its content. What it does not tell
// is empty.
struct LorawanUplink {
    std::string_view dev_eui;  // as the server writes it: hexadecimal or base64
    std::string_view device_name;
    std::string_view application;
    std::optional<model::Decimal> f_port;
    std::optional<model::Decimal> f_cnt;
    std::optional<model::Decimal> rssi;  // dBm, at the gateway that received it strongest
    std::optional<model::Decimal> snr;   // dB, at the same gateway
    std::optional<model::Position> location;
    std::optional<model::Instant> time;  // of reception, by the network's clock
    std::string_view payload;            // base64 of the device's bytes
};

// Makes readings of an uplink's content, each with the uplink's attributes: device_name,
// application, f_port, f_cnt, rssi, snr, location. The device is the EUI in lower-case hexadecimal
// digits. The content is read
//   - by the format that format.payload names, from the device's bytes; or else
//   - from the object that the network server's codec made of them: each number and boolean is a
//     reading, its quantity the dotted path, or what format.quantities makes of that; or else
//   - not at all: one reading "lorawan.payload" with the bytes as a hexadecimal text, which shows
//     in `passerelle decode` and is refused on the way in because it is not a number.
class LorawanPayload {
  public:
    explicit LorawanPayload(const settings::Format& format);

    // Appends the readings to `out`; on a fault it holds what it held before. `object` has read
    // the decoded object and selected its leaves, or is null if there is none.
    model::Decoded<void> decode(
        const LorawanUplink& uplink,
        const JsonSelector* object,
        const model::Frame& frame,
        model::Readings& out
    );

  private:
    model::Decoded<void> read_bytes(std::string_view base64);
    model::Decoded<void> add_object(
        const JsonSelector& object, model::Reading reading, model::Readings& out
    ) const;
    model::Decoded<void> add_inner(
        const model::Reading& envelope, const model::Frame& frame, model::Readings& out
    );
    void collect_attributes(const LorawanUplink& uplink, model::Readings& out);
    void join_attributes(std::span<const model::Attribute> inner);

    std::unique_ptr<Decoder> inner_;  // null if no format is named
    std::map<std::string, std::string, std::less<>> quantities_;
    model::Frame inner_frame_;                  // its payload is the device's bytes
    std::vector<model::Attribute> attributes_;  // of the uplink
    std::vector<model::Attribute> joined_;      // of a reading of the inner format
};

}  // namespace gateway::decode
