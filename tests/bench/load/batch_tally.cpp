#include "tests/bench/load/batch_tally.hpp"

#include "tests/bench/meter_payload.hpp"

#include <passerelle/v1/batch.pb.h>
#include <zstd.h>

#include <vector>

namespace bench {
namespace {

constexpr std::size_t kBatchBytesMax = 64U << 20;  // unpacked
constexpr std::int64_t kMillisecondsPerSecond = 1000;

}  // namespace

struct BatchTally::Columns {
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> decompressor{
        ZSTD_createDCtx(), &ZSTD_freeDCtx};
    std::vector<char> bytes;
    passerelle::v1::Batch batch;
    std::vector<std::int64_t> times;   // the last of each (device, quantity)
    std::vector<NumberSet*> readings;  // of each (device, quantity)
};

BatchTally::BatchTally(std::int64_t live_since_ms)
    : live_since_ms_(live_since_ms), columns_(std::make_unique<Columns>()) {}

BatchTally::~BatchTally() = default;

BatchTally::Verdict BatchTally::take(
    std::string_view key, std::string_view body, std::int64_t now_ms
) {
    if (!first_batch_ms_) first_batch_ms_ = now_ms;
    bytes_ += body.size();
    if (!unpack(body)) {
        ++unreadable_batches_;
        return Verdict::unreadable;
    }
    if (!keys_.emplace(key).second) {
        ++repeated_batches_;
        return Verdict::repeated;
    }
    count_sequences();
    if (count_readings(now_ms)) return Verdict::taken;
    ++unreadable_batches_;
    return Verdict::unreadable;
}

bool BatchTally::unpack(std::string_view body) {
    auto& bytes = columns_->bytes;
    const auto size = ZSTD_getFrameContentSize(body.data(), body.size());
    if (size > kBatchBytesMax) return false;  // unknown and faulty sizes are larger still
    bytes.resize(size);
    const auto unpacked = ZSTD_decompressDCtx(
        columns_->decompressor.get(), bytes.data(), bytes.size(), body.data(), body.size()
    );
    return unpacked == size && columns_->batch.ParseFromArray(bytes.data(), static_cast<int>(size));
}

void BatchTally::count_sequences() {
    auto& known = sequences_[columns_->batch.gateway()];
    std::uint64_t sequence = columns_->batch.first_sequence();
    for (const auto step : columns_->batch.sequence_step()) {
        sequence += step;
        ++total_;
        if (!known.add(sequence)) ++repeated_sequences_;
    }
}

// False if the columns contradict each other.
bool BatchTally::count_readings(std::int64_t now_ms) {
    const auto& batch = columns_->batch;
    const int count = batch.sequence_step_size();
    if (batch.device_size() != count || batch.quantity_size() != count ||
        batch.time_step_ms_size() != count)
        return false;
    const auto quantities = static_cast<std::size_t>(batch.quantities_size());
    const std::size_t series = quantities * static_cast<std::size_t>(batch.devices_size());
    columns_->times.assign(series, 0);
    columns_->readings.assign(series, nullptr);
    auto& live = live_[batch.dataset()];
    for (int i = 0; i < count; ++i) {
        const std::size_t one = batch.device(i) * quantities + batch.quantity(i);
        if (batch.quantity(i) >= quantities || one >= series) return false;
        const auto time_ms = columns_->times[one] += batch.time_step_ms(i);
        if (time_ms >= live_since_ms_) {
            if (time_ms < *first_batch_ms_) continue;
            ++live.count;
            live.latencies.add(std::chrono::milliseconds(now_ms - time_ms));
            continue;
        }
        auto*& known = columns_->readings[one];
        if (known == nullptr) {
            const auto& device = batch.devices(static_cast<int>(batch.device(i)));
            const auto& quantity = batch.quantities(static_cast<int>(batch.quantity(i)));
            known = &readings_[device + " " + quantity.name()];
        }
        const auto second = static_cast<std::uint64_t>(time_ms / kMillisecondsPerSecond);
        if (!known->add(second - kFirstSecond)) ++repeated_readings_;
    }
    return true;
}

std::string BatchTally::to_json() const {
    std::uint64_t missing = 0;
    for (const auto& [gateway, numbers] : sequences_) missing += numbers.gaps();
    std::uint64_t distinct = 0;
    for (const auto& [series, numbers] : readings_) distinct += numbers.size();
    std::string text = "{";
    const auto add = [&](const char* name, auto value) {
        if (text.back() != '{') text += ",";
        text += '"' + std::string(name) + "\":" + std::to_string(value);
    };
    add("batches", keys_.size());
    add("repeated_batches", repeated_batches_);
    add("unreadable_batches", unreadable_batches_);
    add("bytes", bytes_);
    add("readings", total_);
    add("missing_sequences", missing);
    add("repeated_sequences", repeated_sequences_);
    add("distinct_readings", distinct);
    add("repeated_readings", repeated_readings_);
    add("series", readings_.size());
    text += ",\"live\":{";
    for (const auto& [dataset, live] : live_) {
        if (live.count == 0) continue;
        if (text.back() != '{') text += ",";
        text += '"' + dataset + "\":{";
        add("readings", live.count);
        add("ms_p50", live.latencies.ms(0.5));
        add("ms_p99", live.latencies.ms(0.99));
        add("ms_max", live.latencies.ms_max());
        text += '}';
    }
    return text + "}}";
}

std::string BatchTally::readings_by_device() const {
    std::string text;
    for (const auto& [series, numbers] : readings_) text += series + ' ' + numbers.to_text() + '\n';
    return text;
}

}  // namespace bench
