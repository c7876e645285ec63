#include "gateway/decode/senml_pack.hpp"

#include "gateway/decode/unix_time.hpp"
#include "gateway/model/message.hpp"
#include "gateway/model/unit.hpp"

#include <algorithm>
#include <array>

namespace gateway::decode {
namespace {

using model::Attribute;
using model::Decimal;
using model::Decoded;
using model::Fault;
using model::Reading;
using model::Refusal;
using model::translatable;
using Field = SenmlField;

constexpr Decimal kRelativeTimeLimit{268'435'456, 0};  // 2^28, RFC 8428 section 4.5.3
constexpr std::int64_t kVersionDefault = 10;
constexpr std::int64_t kVersionWithSecondaryUnits = 26;  // RFC 9100 section 2: 10 and feature 4

// The registry's "%" is another name of "/", a ratio of 1 and no percentage (RFC 8428 section 12.1,
// note 1).
std::string_view registered_unit(std::string_view unit) {
    return unit == "%" ? "/" : unit;
}

// A unit multiplied by seconds.
std::string times_second(std::string_view ucum) {
    if (ucum == "W") return "J";
    if (ucum == "A") return "C";
    if (ucum == "/s") return "1";
    if (ucum.ends_with("/s")) return std::string(ucum.substr(0, ucum.size() - 2));
    return std::string(ucum) + ".s";
}

Decoded<Decimal> total(std::optional<Decimal> base, std::optional<Decimal> own) {
    const auto result = model::sum(base.value_or(Decimal{}), own.value_or(Decimal{}));
    if (result) return *result;
    return Fault{
        Refusal::not_representable,
        translatable("RFC 8428 4.5: base and own field add up to too many digits")};
}

int count_values(const SenmlRecord& record) {
    constexpr std::array kValues{
        Field::value, Field::string_value, Field::boolean_value, Field::data_value};
    return static_cast<int>(std::count_if(kValues.begin(), kValues.end(), [&](Field field) {
        return record.has(field);
    }));
}

Decoded<void> check_values(const SenmlRecord& record) {
    const int values = count_values(record);
    if (values > 1)
        return Fault{
            Refusal::malformed, translatable("RFC 8428 4.2: a record has more than one value")};
    if (values == 0 && !record.has(Field::sum))
        return Fault{
            Refusal::missing_field,
            translatable("RFC 8428 4.2: a record has neither a value nor a sum")};
    return {};
}

bool is_alphanumeric(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_allowed_in_name(char c) {
    return is_alphanumeric(c) || c == '-' || c == ':' || c == '.' || c == '/' || c == '_';
}

}  // namespace

void SenmlPack::begin(const model::Frame& frame, model::Readings& out) {
    out_ = &out;
    before_ = out.size();
    now_ = frame.received_at;
    records_ = 0;
    base_ = {};
}

Decoded<void> SenmlPack::finish(Decoded<void> read) {
    if (read && records_ == 0)
        read = Fault{Refusal::missing_field, translatable("RFC 8428 4: the pack has no record")};
    if (read) {
        const auto readings = out_->all().subspan(before_);
        const auto is_earlier = [](const Reading& left, const Reading& right) {
            return left.observed_at < right.observed_at;
        };
        if (!std::is_sorted(readings.begin(), readings.end(), is_earlier))
            std::stable_sort(readings.begin(), readings.end(), is_earlier);
    } else {
        out_->truncate(before_);
    }
    out_ = nullptr;
    return read;
}

Decoded<void> SenmlPack::add(const SenmlRecord& record) {
    if (auto held = hold_version(record); !held) return held;
    hold_base(record);
    ++records_;
    if (auto checked = check_values(record); !checked) return checked;
    Reading reading;
    if (auto named = name_reading(record, reading); !named) return named;
    const auto time = resolved_time(record);
    if (!time) return time.error();
    reading.observed_at = time->instant;
    reading.time_quality = time->quality;
    if (auto added = add_value(record, reading); !added) return added;
    return add_sum(record, reading);
}

// All records of a pack have one version (section 4.4).
Decoded<void> SenmlPack::hold_version(const SenmlRecord& record) {
    const auto number = record.number(Field::base_version);
    if (!number) return {};
    const bool counts = number->exponent == 0 && number->mantissa > 0;
    if (!counts)
        return Fault{
            Refusal::wrong_type, translatable("RFC 8428 4.1: bver is not a positive integer")};
    const std::int64_t version = number->mantissa;
    if (version > kVersionDefault && version != kVersionWithSecondaryUnits)
        return Fault{
            Refusal::not_this_format,
            translatable("RFC 8428 4.4: bver is of a newer version than is understood")};
    if (records_ > 0 && version != base_.version)
        return Fault{
            Refusal::malformed, translatable("RFC 8428 4.4: bver changes within the pack")};
    base_.version = version;
    return {};
}

void SenmlPack::hold_base(const SenmlRecord& record) {
    if (record.has(Field::base_name)) base_.name = record.text(Field::base_name);
    if (record.has(Field::base_unit)) base_.unit = record.text(Field::base_unit);
    if (record.has(Field::base_time)) base_.time = record.number(Field::base_time);
    if (record.has(Field::base_value)) base_.value = record.number(Field::base_value);
    if (record.has(Field::base_sum)) base_.sum = record.number(Field::base_sum);
}

// Everything of the reading that follows from name and unit.
Decoded<void> SenmlPack::name_reading(const SenmlRecord& record, Reading& reading) {
    const auto name = resolved_name(record.text(Field::name));
    if (!name) return name.error();
    const auto own = record.text(Field::unit);
    const std::string_view sent = own.empty() ? std::string_view{base_.unit} : own;
    const auto unit = registered_unit(sent);
    const auto split = naming_.split(*name, base_.name.size(), unit);
    reading.device = split.device;
    reading.quantity = split.quantity;

    std::array attributes{Attribute{"name", *name}, Attribute{"unit", sent}};
    std::size_t count = 1;
    if (!unit.empty()) {
        const auto alias = model::find_unit(unit);
        if (!alias)
            return Fault{
                Refusal::wrong_unit,
                translatable("RFC 8428 12.1: the unit is not in the registry")};
        reading.unit = alias->ucum;
        if (alias->ucum != sent) {
            attributes[count++].value = out_->keep(sent);
        }
    }
    reading.attributes = out_->keep(std::span{attributes}.first(count));
    return {};
}

// Base name and name together (section 4.5.1).
Decoded<std::string_view> SenmlPack::resolved_name(std::string_view name) {
    if (base_.name.size() + name.size() > kNameMax)
        return Fault{Refusal::limit_exceeded, translatable("a SenML name is too long")};
    name_.assign(base_.name).append(name);
    if (name_.empty())
        return Fault{Refusal::missing_field, translatable("RFC 8428 4.5.1: a record has no name")};
    if (!is_alphanumeric(name_[0]) || !std::all_of(name_.begin(), name_.end(), is_allowed_in_name))
        return Fault{
            Refusal::malformed,
            translatable("RFC 8428 4.5.1: a name has a character that is not allowed")};
    return out_->keep(name_);
}

// Base time and time together; below 2^28 they are relative to now (section 4.5.3).
Decoded<SenmlPack::Time> SenmlPack::resolved_time(const SenmlRecord& record) const {
    const auto seconds = total(base_.time, record.number(Field::time));
    if (!seconds) return seconds.error();
    const auto milliseconds = model::scaled(*seconds, 3);
    if (!milliseconds) return implausible_time();
    const auto time = unix_time(*milliseconds);
    if (!time) return time.error();
    if (model::compare(*seconds, kRelativeTimeLimit) >= 0)
        return Time{*time, model::TimeQuality::device};
    return Time{now_ + time->time_since_epoch(), model::TimeQuality::gateway};
}

Decoded<void> SenmlPack::add_value(const SenmlRecord& record, Reading reading) {
    if (const auto& flag = record.at(Field::boolean_value)) {
        reading.value = std::get<bool>(*flag);
    } else if (record.has(Field::string_value)) {
        reading.value = out_->keep(record.text(Field::string_value));
    } else if (const auto& bytes = record.at(Field::data_value)) {
        reading.value = out_->keep(std::get<SenmlBytes>(*bytes).base64url);
    } else if (const auto number = record.number(Field::value)) {
        const auto value = total(base_.value, number);
        if (!value) return value.error();
        reading.value = *value;
    } else {
        return {};
    }
    return add_reading(reading);
}

// There is a sum if the record or its base has one (section 4.5.4).
Decoded<void> SenmlPack::add_sum(const SenmlRecord& record, Reading reading) {
    constexpr std::string_view kSuffix = ".sum";
    const auto own = record.number(Field::sum);
    if (!own && !base_.sum) return {};
    const auto value = total(base_.sum, own);
    if (!value) return value.error();
    const auto quantity = out_->room(reading.quantity.size() + kSuffix.size());
    const auto end = std::copy(reading.quantity.begin(), reading.quantity.end(), quantity.begin());
    std::copy(kSuffix.begin(), kSuffix.end(), end);
    reading.quantity = {quantity.data(), quantity.size()};
    if (!reading.unit.empty()) reading.unit = out_->keep(times_second(reading.unit));
    reading.value = *value;
    return add_reading(reading);
}

Decoded<void> SenmlPack::add_reading(const Reading& reading) {
    if (out_->add(reading)) return {};
    return Fault{Refusal::limit_exceeded, translatable("the pack has too many records")};
}

}  // namespace gateway::decode
