#pragma once
#include "gateway/decode/senml_naming.hpp"
#include "gateway/decode/senml_record.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::decode {

// Turns the records of a SenML pack into readings, the same for JSON and CBOR: applies the base
// fields, resolves names and times (RFC 8428 section 4.6) and puts the readings in order of time.
//
// A record's value becomes a reading and its sum another one, with ".sum" behind the quantity and
// the unit multiplied by seconds (section 4.2). Units become UCUM; the value keeps its multiple.
// The attribute "name" is the resolved name, and "unit" the unit as sent where UCUM writes another.
// An absolute time is the device's; a relative one is counted from the frame's arrival, on the
// gateway's clock.
class SenmlPack {
  public:
    static constexpr std::size_t kNameMax = 255;  // bytes of a resolved name

    explicit SenmlPack(const settings::Format& format) : naming_(format.quantities) {}

    // begin(), then add() for each record up to the first fault, then finish() with what that gave.
    // `out` stays in use from begin() to finish().
    void begin(const model::Frame& frame, model::Readings& out);
    model::Decoded<void> add(const SenmlRecord& record);
    // Passes a fault on and takes back every reading of the pack.
    model::Decoded<void> finish(model::Decoded<void> read);

  private:
    struct Time {
        model::Instant instant{};
        model::TimeQuality quality = model::TimeQuality::gateway;
    };
    // Base fields hold from their record on (section 4.1).
    struct BaseFields {
        std::string name;
        std::string unit;
        std::optional<model::Decimal> time;
        std::optional<model::Decimal> value;
        std::optional<model::Decimal> sum;
        std::int64_t version = 10;  // if the first record does not say another
    };

    model::Decoded<void> hold_version(const SenmlRecord& record);
    void hold_base(const SenmlRecord& record);
    model::Decoded<void> name_reading(const SenmlRecord& record, model::Reading& reading);
    model::Decoded<std::string_view> resolved_name(std::string_view name);
    model::Decoded<Time> resolved_time(const SenmlRecord& record) const;
    model::Decoded<void> add_value(const SenmlRecord& record, model::Reading reading);
    model::Decoded<void> add_sum(const SenmlRecord& record, model::Reading reading);
    model::Decoded<void> add_reading(const model::Reading& reading);

    SenmlNaming naming_;
    BaseFields base_;
    std::size_t records_ = 0;
    std::string name_;  // being resolved
    model::Readings* out_ = nullptr;
    std::size_t before_ = 0;  // readings of `out_` that are not of this pack
    model::Instant now_{};
};

}  // namespace gateway::decode
