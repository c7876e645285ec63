#include "gateway/ingest/admission.hpp"

#include "gateway/model/message.hpp"
#include "gateway/model/unit_scale.hpp"

namespace gateway::ingest {
namespace {

using model::Fault;
using model::Refusal;
using model::translatable;

model::Decoded<model::Decimal> number_of(const model::Value& value) {
    if (const auto* number = std::get_if<model::Decimal>(&value)) return *number;
    if (const auto* flag = std::get_if<bool>(&value)) return model::Decimal{*flag ? 1 : 0, 0};
    return Fault{Refusal::not_numeric, translatable("the value is a text; readings are numbers")};
}

// The value in the quantity's unit, whatever spelling and multiple the device uses.
model::Decoded<model::Decimal> converted(
    model::Decimal value, std::string_view unit, const std::string& to
) {
    if (unit.empty() || unit == to) return value;
    const auto alias = model::find_unit(unit);
    const auto power = model::power_between(alias ? alias->ucum : unit, to);
    if (!power)
        return Fault{Refusal::wrong_unit, translatable("the unit does not belong to the quantity")};
    const auto result = model::scaled(value, *power + (alias ? alias->power : 0));
    if (!result)
        return Fault{
            Refusal::not_representable, translatable("the value has too large an exponent")};
    return *result;
}

bool is_plausible(model::Decimal value, const model::Quantity& quantity) {
    return (!quantity.min || model::compare(value, *quantity.min) >= 0) &&
           (!quantity.max || model::compare(value, *quantity.max) <= 0);
}

// A time that we gave ourselves is by the clock that we compare with, whether it is right or not.
bool is_plausible_time(const model::Reading& reading, const runtime::WallClock& clock) {
    const bool is_ours = reading.time_quality != model::TimeQuality::device;
    const auto ahead_max =
        clock.is_trusted() || is_ours ? Admission::kAheadMax : Admission::kAheadOfFloorMax;
    return reading.observed_at >= runtime::kDatesFrom &&
           reading.observed_at <= clock.now() + ahead_max;
}

}  // namespace

model::Decoded<Measurement> Admission::admit(
    const model::Reading& reading, const runtime::WallClock& clock
) const {
    if (reading.device.empty() || reading.device.size() > kDeviceNameMax) {
        return Fault{
            Refusal::unknown_device,
            translatable("neither topic, identity nor payload names a device")};
    }
    const auto* quantity = vocabulary_.find(reading.quantity);
    if (quantity == nullptr) {
        return Fault{
            Refusal::unknown_quantity, translatable("the quantity is not in the vocabulary")};
    }
    const auto number = number_of(reading.value);
    if (!number) return number.error();
    const auto value = converted(*number, reading.unit, quantity->unit);
    if (!value) return value.error();
    if (!is_plausible(*value, *quantity)) {
        return Fault{
            Refusal::implausible_value, translatable("the value is outside the quantity's range")};
    }
    if (!is_plausible_time(reading, clock)) {
        return Fault{
            Refusal::implausible_time, translatable("the time is before 2000 or over a day ahead")};
    }
    return Measurement{quantity, *value};
}

}  // namespace gateway::ingest
