#include "gateway/buffer/person_reader.hpp"

#include "gateway/buffer/reading_dates.hpp"

#include <algorithm>

namespace gateway::buffer {
namespace {

// Those of whom the segment may have readings; they begin it.
std::vector<const PersonFilter*> people_in(
    const SegmentRow& row, std::vector<PersonFilter>& people, const SegmentTexts& texts
) {
    std::vector<const PersonFilter*> inside;
    for (PersonFilter& person : people) {
        if (person.begin(row, texts)) inside.push_back(&person);
    }
    return inside;
}

bool is_of_any(const std::vector<const PersonFilter*>& people, const SegmentReading& reading) {
    return std::any_of(people.begin(), people.end(), [&](const PersonFilter* person) {
        return person->matches(reading);
    });
}

}  // namespace

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
        if (!decode(**row) || !person.begin(**row, texts_)) continue;
        const auto is_of_person = [&](const SegmentReading& reading) {
            return person.matches(reading);
        };
        const auto more = show(**row, is_of_person, query.after, visit, dates);
        if (!more) return more.error();
        if (!*more) return {};
    }
}

model::Result<void> PersonReader::others(
    const StoredDataset& dataset,
    const BootRanges& boots,
    const OthersQuery& query,
    const PersonVisitor& visit
) {
    std::vector<PersonFilter> erased;
    for (const ErasureOrder& order : query.erased) {
        for (const auto& part : order.datasets) {
            if (part.name != dataset.name) continue;
            auto& person = erased.emplace_back(part.traits, order.device_base);
            if (auto found = person.find_devices(devices_); !found) return found;
        }
    }
    const ReadingDates dates(boots, dataset.time_step);
    const std::uint64_t from = std::min(query.after, SegmentTable::kSequenceMax - 1) + 1;
    auto rows = segments_.bodies_from(dataset.id, from);
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) return {};
        if (!decode(**row)) {
            if (query.on_unreadable) query.on_unreadable(**row);
            continue;
        }
        const auto inside = people_in(**row, erased, texts_);
        const auto is_of_others = [&](const SegmentReading& reading) {
            return !is_of_any(inside, reading);
        };
        const auto more = show(**row, is_of_others, query.after, visit, dates);
        if (!more) return more.error();
        if (!*more) return {};
    }
}

bool PersonReader::decode(const SegmentRow& row) {
    return codec_.decode(row.body, readings_, texts_) && readings_.size() == row.count;
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
    const Wanted& is_wanted,
    std::uint64_t after,
    const PersonVisitor& visit,
    const ReadingDates& dates
) {
    std::uint64_t sequence = row.first_sequence - 1;
    for (const SegmentReading& reading : readings_) {
        if (++sequence <= after || !is_wanted(reading)) continue;
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
