#include "gateway/buffer/batch_reader.hpp"

#include "gateway/buffer/reading_dates.hpp"
#include "gateway/buffer/text_hash.hpp"

#include <algorithm>
#include <unordered_map>

namespace gateway::buffer {
namespace {

constexpr std::uint32_t kUnknown = 0xffffffff;

}  // namespace

// The batch as it grows, and how the numbers of segments become indices of its dictionaries.
class BatchReader::Assembly {
  public:
    Assembly(
        const StoredDataset& dataset, const BootRanges& boots, const Span& span, NameTable& devices
    )
        : dates_(boots, dataset.time_step), span_(span), devices_(devices) {
        batch_.dataset = dataset.name;
        batch_.attributes.emplace_back("{}");
        sets_.emplace("{}", 0);
    }

    enum class Added { all, full, damaged, undated };

    // Adds the segment's readings that belong to the span, as far as the limits go. A segment with
    // an unknown device number is damaged.
    model::Result<Added> add(
        const SegmentRow& row, std::span<const SegmentReading> readings, const SegmentTexts& texts
    ) {
        quantity_of_.assign(texts.quantities.size(), kUnknown);
        set_of_.assign(texts.attributes.size(), kUnknown);
        const std::size_t kept = batch_.readings.size();
        std::uint64_t sequence = row.first_sequence;
        for (const SegmentReading& reading : readings) {
            const std::uint64_t current = sequence++;
            if (current < span_.first_sequence) continue;
            if (current > span_.last_sequence || full()) return Added::full;
            const auto date = dates_.of(reading, current);
            if (!date.is_final && span_.awaits_dates) return Added::undated;
            const auto device = device_index(row.device_base + reading.device);
            if (!device) return device.error();
            if (*device == kUnknown) {
                batch_.readings.resize(kept);
                return Added::damaged;
            }
            StoredReading& stored = batch_.readings.emplace_back();
            stored.sequence = current;
            stored.device = *device;
            stored.quantity = quantity_index(reading.quantity, texts);
            stored.attributes = set_index(reading.attributes, texts);
            stored.time_quality = date.quality;
            stored.value = model::Decimal{reading.mantissa, reading.exponent};
            stored.observed_at = date.time;
            has_guess_ = has_guess_ || !date.is_final;
            bytes_ += kReadingBytes;
        }
        return Added::all;
    }

    bool empty() const { return batch_.readings.empty(); }
    bool has_guess() const { return has_guess_; }

    Batch finish() {
        batch_.first_sequence = batch_.readings.front().sequence;
        batch_.last_sequence = batch_.readings.back().sequence;
        return std::move(batch_);
    }

  private:
    bool full() const {
        return !empty() && (batch_.readings.size() >= span_.limits.readings_max ||
                            bytes_ + kReadingBytes > span_.limits.bytes_max);
    }

    model::Result<std::uint32_t> device_index(std::uint64_t number) {
        const auto [found, is_new] = device_of_.try_emplace(number, kUnknown);
        if (!is_new) return found->second;
        auto name = devices_.find(number);
        if (!name) return name.error();
        if (!*name) return kUnknown;
        const auto index = static_cast<std::uint32_t>(batch_.devices.size());
        const auto [text, is_new_text] = device_texts_.try_emplace(**name, index);
        if (is_new_text) {
            bytes_ += text->first.size();
            batch_.devices.push_back(std::move(**name));
        }
        found->second = text->second;
        return found->second;
    }

    std::uint32_t quantity_index(std::uint16_t of_segment, const SegmentTexts& texts) {
        std::uint32_t& index = quantity_of_[of_segment];
        if (index != kUnknown) return index;
        const QuantityName& name = texts.quantities[of_segment];
        auto& names = batch_.quantities;
        const auto found = std::find(names.begin(), names.end(), name);
        index = static_cast<std::uint32_t>(found - names.begin());
        if (found == names.end()) {
            bytes_ += name.name.size() + name.unit.size();
            names.push_back(name);
        }
        return index;
    }

    std::uint32_t set_index(std::uint32_t of_segment, const SegmentTexts& texts) {
        std::uint32_t& index = set_of_[of_segment];
        if (index != kUnknown) return index;
        const std::string& text = texts.attributes[of_segment];
        const auto [found, is_new] =
            sets_.try_emplace(text, static_cast<std::uint32_t>(batch_.attributes.size()));
        if (is_new) {
            bytes_ += text.size();
            batch_.attributes.push_back(text);
        }
        index = found->second;
        return index;
    }

    ReadingDates dates_;
    const Span& span_;
    NameTable& devices_;
    Batch batch_;
    bool has_guess_ = false;
    std::size_t bytes_ = 0;
    std::unordered_map<std::uint64_t, std::uint32_t> device_of_;
    TextMap<std::uint32_t> device_texts_;
    TextMap<std::uint32_t> sets_;
    std::vector<std::uint32_t> quantity_of_;
    std::vector<std::uint32_t> set_of_;
};

model::Result<BatchReader::Outcome> BatchReader::read(
    const StoredDataset& dataset, const BootRanges& boots, const Span& span
) {
    Assembly assembly(dataset, boots, span, devices_);
    Outcome outcome;
    auto rows = segments_.bodies_from(dataset.id, span.first_sequence);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row || (*row)->first_sequence > span.last_sequence) break;
        auto added = Assembly::Added::damaged;
        if (codec_.decode((*row)->body, readings_, texts_) && readings_.size() == (*row)->count) {
            const auto result = assembly.add(**row, readings_, texts_);
            if (!result) return result.error();
            added = *result;
        }
        if (added == Assembly::Added::damaged && assembly.empty())
            outcome.damaged_end = (*row)->end_sequence();
        outcome.awaits_date = added == Assembly::Added::undated && assembly.empty();
        if (added != Assembly::Added::all) break;
    }
    outcome.has_guess = assembly.has_guess();
    if (!assembly.empty()) outcome.batch = assembly.finish();
    return outcome;
}

}  // namespace gateway::buffer
