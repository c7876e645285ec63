#include "gateway/buffer/group.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gateway::buffer {

namespace {

template <class Row>
void move_to_end(std::vector<Row>& rows, std::vector<Row> more) {
    rows.insert(
        rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())
    );
}

}  // namespace

std::size_t Group::readings() const {
    std::size_t count = 0;
    for (const auto& dataset : datasets) count += dataset.size();
    return count;
}

bool Group::empty() const {
    const bool refusals = std::any_of(refused.begin(), refused.end(), [](auto n) { return n > 0; });
    return readings() == 0 && session_changes.empty() && !refusals;
}

GroupBuilder::GroupBuilder(std::vector<settings::Priority> datasets, std::uint64_t next_device)
    : priorities_(std::move(datasets)), devices_(next_device) {
    group_.datasets.resize(priorities_.size());
    begin();
}

void GroupBuilder::begin() {
    for (auto& readings : group_.datasets) readings.clear();
    group_.texts.quantities.clear();
    group_.texts.attributes.resize(1);
    group_.new_devices.clear();
    group_.refused.fill(0);
    group_.session_changes.clear();
    group_.step_claims.clear();
    group_.new_tokens.clear();
    if (generation_over_ || devices_.full()) devices_.begin_generation();
    generation_over_ = false;
    group_.device_base = devices_.base();
    readings_ = 0;
    refused_ = false;
    text_bytes_ = 0;
    quantities_.clear();
    attributes_.clear();
}

std::uint64_t GroupBuilder::begin_device_generation() {
    const std::uint64_t next = devices_.next();
    generation_over_ = readings_ > 0;
    if (generation_over_) return next;
    group_.new_devices.clear();
    devices_.begin_generation();
    group_.device_base = devices_.base();
    return next;
}

Group GroupBuilder::take(Group spent, model::Instant now) {
    spent.datasets.resize(group_.datasets.size());
    group_.stored_at = now;
    Group taken = std::exchange(group_, std::move(spent));
    begin();
    return taken;
}

void GroupBuilder::keep_rest_of(Group& failed) {
    for (std::size_t cause = 0; cause < failed.refused.size(); ++cause) {
        group_.refused[cause] += failed.refused[cause];
        if (failed.refused[cause] > 0) refused_ = true;
    }
    move_to_end(group_.new_tokens, std::exchange(failed.new_tokens, {}));
    if (failed.device_base != group_.device_base) return;
    auto& devices = group_.new_devices;
    devices.insert(
        devices.begin(),
        std::make_move_iterator(failed.new_devices.begin()),
        std::make_move_iterator(failed.new_devices.end())
    );
}

bool GroupBuilder::add(std::size_t dataset, std::span<const model::PublicReading> readings) {
    std::size_t text_bytes = 0;
    for (const auto& reading : readings)
        text_bytes += reading.device().size() + reading.attributes().size();
    const bool is_alarm = priority_of(dataset) == settings::Priority::alarm;
    const std::size_t readings_max = kGroupReadingsMax - (is_alarm ? 0 : kGroupAlarmsKept);
    const bool fits = readings_ + readings.size() <= readings_max &&
                      text_bytes_ + text_bytes <= kGroupTextBytesMax;
    if (!fits && readings_ > 0) return false;
    if (readings.size() > kGroupReadingsMax) return false;
    text_bytes_ += text_bytes;
    readings_ += readings.size();
    for (const auto& reading : readings) add(group_.datasets[dataset], reading);
    return true;
}

void GroupBuilder::add(std::vector<SegmentReading>& readings, const model::PublicReading& reading) {
    SegmentReading& row = readings.emplace_back();
    row.mantissa = reading.value().mantissa;
    row.exponent = reading.value().exponent;
    row.observed_at = reading.observed_at();
    row.time_quality = reading.time_quality();
    row.device = devices_.number(reading.device(), group_.new_devices);
    row.quantity = quantity_index(reading.quantity());
    row.attributes = attributes_index(reading.attributes());
}

void GroupBuilder::add(std::vector<StepClaim> claims) {
    move_to_end(group_.step_claims, std::move(claims));
}

void GroupBuilder::add(std::vector<VaultToken> tokens) {
    move_to_end(group_.new_tokens, std::move(tokens));
}

std::uint16_t GroupBuilder::quantity_index(const model::Quantity& quantity) {
    auto& names = group_.texts.quantities;
    const auto [found, is_new] =
        quantities_.try_emplace(&quantity, static_cast<std::uint16_t>(names.size()));
    if (is_new) names.push_back(QuantityName{quantity.name, quantity.unit});
    return found->second;
}

std::uint32_t GroupBuilder::attributes_index(std::string_view attributes) {
    if (attributes.empty() || attributes == group_.texts.attributes.front()) return 0;
    if (const auto found = attributes_.find(attributes); found != attributes_.end())
        return found->second;
    const auto index = static_cast<std::uint32_t>(group_.texts.attributes.size());
    group_.texts.attributes.emplace_back(attributes);
    attributes_.emplace(attributes, index);
    return index;
}

void GroupBuilder::count_refused(model::Refusal cause, std::uint64_t readings) {
    group_.refused[static_cast<std::size_t>(cause)] += readings;
    refused_ = true;
}

}  // namespace gateway::buffer
