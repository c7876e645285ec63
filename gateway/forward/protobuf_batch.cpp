#include "gateway/forward/protobuf_batch.hpp"

#include "gateway/forward/series_delta.hpp"

#include <passerelle/v1/batch.pb.h>

#include <algorithm>

namespace gateway::forward {

namespace {

using Message = passerelle::v1::Batch;

void set_head(
    Message& message, const buffer::Batch& batch, std::string_view gateway, std::string_view id
) {
    message.set_gateway(std::string(gateway));
    message.set_dataset(batch.dataset);
    message.set_batch(std::string(id));
    message.set_first_sequence(batch.first_sequence);
    message.set_last_sequence(batch.last_sequence);
}

void set_dictionaries(Message& message, const buffer::Batch& batch) {
    for (const auto& device : batch.devices) message.add_devices(device);
    for (const auto& quantity : batch.quantities) {
        auto& entry = *message.add_quantities();
        entry.set_name(quantity.name);
        entry.set_unit(quantity.unit);
    }
    for (const auto& attributes : batch.attributes) message.add_attribute_sets(attributes);
}

// The columns that every batch has.
void set_columns(Message& message, const buffer::Batch& batch) {
    const auto size = static_cast<int>(batch.readings.size());
    message.mutable_sequence_step()->Reserve(size);
    message.mutable_device()->Reserve(size);
    message.mutable_quantity()->Reserve(size);
    message.mutable_mantissa_step()->Reserve(size);
    message.mutable_exponent()->Reserve(size);
    message.mutable_time_step_ms()->Reserve(size);
    SeriesDelta series(batch.devices.size() * batch.quantities.size() / 2 + 1);
    std::uint64_t previous = batch.first_sequence;
    for (const auto& reading : batch.readings) {
        const auto step = series.next(
            reading.device,
            reading.quantity,
            {reading.value.mantissa, reading.observed_at.time_since_epoch().count()}
        );
        message.add_sequence_step(reading.sequence - previous);
        previous = reading.sequence;
        message.add_device(reading.device);
        message.add_quantity(reading.quantity);
        message.add_mantissa_step(step.mantissa);
        message.add_exponent(reading.value.exponent);
        message.add_time_step_ms(step.time_ms);
    }
}

// The columns that are absent where every element is 0.
void set_sparse_columns(Message& message, const buffer::Batch& batch) {
    const auto& readings = batch.readings;
    if (std::any_of(readings.begin(), readings.end(), [](const auto& reading) {
            return reading.time_quality != model::TimeQuality::device;
        })) {
        for (const auto& reading : readings) {
            message.add_time_quality(static_cast<std::uint32_t>(reading.time_quality));
        }
    }
    if (std::any_of(readings.begin(), readings.end(), [](const auto& reading) {
            return reading.attributes != 0;
        })) {
        for (const auto& reading : readings) message.add_attributes(reading.attributes);
    }
}

void set_gaps(Message& message, const buffer::Batch& batch) {
    for (const auto& gap : batch.gaps) {
        auto& entry = *message.add_gaps();
        entry.set_cause(std::string(buffer::to_string(gap.cause)));
        entry.set_first_sequence(gap.first_sequence);
        entry.set_last_sequence(gap.last_sequence);
        entry.set_count(gap.count);
        entry.set_from_ms(gap.observed_from.time_since_epoch().count());
        entry.set_to_ms(gap.observed_to.time_since_epoch().count());
    }
}

void set_erasures(Message& message, const buffer::Batch& batch) {
    for (const auto& erasure : batch.erasures) {
        auto& entry = *message.add_erasures();
        entry.set_device(erasure.device);
        entry.set_attribute(erasure.attribute);
        entry.set_value(erasure.value);
        entry.set_last_sequence(erasure.last_sequence);
    }
}

}  // namespace

std::string encode_protobuf(
    const buffer::Batch& batch, std::string_view gateway, std::string_view id
) {
    Message message;
    set_head(message, batch, gateway, id);
    set_dictionaries(message, batch);
    set_columns(message, batch);
    set_sparse_columns(message, batch);
    set_gaps(message, batch);
    set_erasures(message, batch);
    return message.SerializeAsString();
}

}  // namespace gateway::forward
