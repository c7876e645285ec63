#include "gateway/buffer/person_reader.hpp"

#include "gateway/buffer/reading_dates.hpp"

#include <algorithm>

namespace gateway::buffer {

model::Result<void> PersonReader::readings(
    const StoredDataset& dataset,
    const BootRanges& boots,
    const PersonQuery& query,
    const PersonVisitor& visit
) {
    PersonFilter person(query.traits, query.device_base);
    if (auto found = person.find_devices(devices_); !found) return found;
    const ReadingDates dates(boots, dataset.time_step);
    const std::uint64_t from = std::min(query.after, SegmentTable::kSequenceMax - 1) + 1;
    auto rows = segments_.bodies_from(dataset.id, from);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) return {};
        const bool is_whole =
            codec_.decode((*row)->body, readings_, texts_) && readings_.size() == (*row)->count;
        if (!is_whole || !person.begin(**row, texts_)) continue;
        const auto more = show(**row, person, query.after, visit, dates);
        if (!more) return more.error();
        if (!*more) return {};
    }
}

model::Result<std::set<std::uint64_t>> PersonReader::devices_in_use(
    const StoreLayout& layout, std::span<const std::uint64_t> devices
) {
    std::set<std::uint64_t> found;
    if (devices.empty()) return found;
    for (const StoredDataset& dataset : layout.datasets()) {
        auto rows = segments_.bodies_from(dataset.id, 0);
        while (true) {
            const auto row = rows.next();
            if (!row) return row.error();
            if (!*row || (*row)->device_base > devices.back()) break;  // bases only grow
            if (!codec_.decode((*row)->body, readings_, texts_)) continue;
            add_devices((*row)->device_base, devices, found);
        }
    }
    return found;
}

// Of the segment that was decoded last.
void PersonReader::add_devices(
    std::uint64_t base, std::span<const std::uint64_t> devices, std::set<std::uint64_t>& found
) const {
    for (const SegmentReading& reading : readings_) {
        const std::uint64_t number = base + reading.device;
        if (std::binary_search(devices.begin(), devices.end(), number)) found.insert(number);
    }
}

model::Result<bool> PersonReader::show(
    const SegmentRow& row,
    const PersonFilter& person,
    std::uint64_t after,
    const PersonVisitor& visit,
    const ReadingDates& dates
) {
    std::uint64_t sequence = row.first_sequence - 1;
    for (const SegmentReading& reading : readings_) {
        if (++sequence <= after || !person.matches(reading)) continue;
        const auto device = devices_.find(row.device_base + reading.device);
        if (!device) return device.error();
        if (!*device) continue;
        const auto date = dates.of(reading, sequence);
        PersonRow shown;
        shown.position = sequence;
        shown.sequence = sequence;
        shown.device = **device;
        shown.quantity = texts_.quantities[reading.quantity].name;
        shown.unit = texts_.quantities[reading.quantity].unit;
        shown.value = model::Decimal{reading.mantissa, reading.exponent};
        shown.observed_at = date.time;
        shown.time_quality = date.quality;
        shown.attributes = texts_.attributes[reading.attributes];
        if (!visit(shown)) return false;
    }
    return true;
}

model::Result<void> PersonReader::letters(const PersonQuery& query, const PersonVisitor& visit) {
    const PersonFilter person(query.traits, query.device_base);
    return letters_.each(query.dataset, query.after, [&](const PersonRow& letter) {
        return !person.matches(letter) || visit(letter);
    });
}

}  // namespace gateway::buffer
