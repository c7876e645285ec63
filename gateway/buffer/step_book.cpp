#include "gateway/buffer/step_book.hpp"

#include "gateway/model/message.hpp"
#include "gateway/runtime/clock.hpp"

#include <algorithm>
#include <utility>

namespace gateway::buffer {

using model::Fault;
using model::Refusal;
using model::translatable;

StepBook::StepBook(std::vector<SteppedDataset> datasets, std::span<const StoredSteps> stored)
    : datasets_(std::move(datasets)), series_(datasets_.size()) {
    for (const StoredSteps& row : stored) {
        const auto dataset =
            std::find_if(datasets_.begin(), datasets_.end(), [&](const SteppedDataset& each) {
                return each.name == row.dataset && each.step.count() > 0;
            });
        if (dataset == datasets_.end()) continue;
        auto& series = series_[static_cast<std::size_t>(dataset - datasets_.begin())];
        series.emplace(key_of(row.device, row.quantity, true), row.steps);
        ++count_;
    }
}

model::Decoded<void> StepBook::claim(std::size_t dataset, const model::PublicReading& reading) {
    const SteppedDataset& into = datasets_[dataset];
    if (into.step.count() == 0) return {};
    auto& series = series_[dataset];
    const bool is_dated = !runtime::is_since_boot(reading.observed_at());
    const auto key = key_of(reading.device(), reading.quantity().name, is_dated);
    const std::int64_t step = step_number(reading.observed_at(), into.step);
    auto found = series.find(key);
    if (found == series.end()) {
        if (count_ >= kSeriesMax)
            return Fault{
                Refusal::limit_exceeded,
                translatable("too many devices to keep one reading a step of each")};
        found = series.emplace(key, TakenSteps{step, 0}).first;
        ++count_;
    }
    if (found->second.has(step)) {
        return Fault{
            Refusal::step_taken,
            translatable("another reading of the same device and step is kept already")};
    }
    found->second.add(step);
    claims_.push_back(
        {dataset,
         std::string(reading.device()),
         std::string(reading.quantity().name),
         step,
         into.priority,
         is_dated}
    );
    return {};
}

std::vector<StepClaim> StepBook::take_claims() {
    return std::exchange(claims_, {});
}

void StepBook::drop_claims() {
    for (const StepClaim& claim : take_claims()) undo(claim);
}

void StepBook::settle(std::span<const StepClaim> claims, Store::Written written) {
    for (const StepClaim& claim : claims) {
        if (!is_stored(claim.priority, written)) undo(claim);
    }
}

void StepBook::undo(const StepClaim& claim) {
    auto& series = series_[claim.dataset];
    const auto found = series.find(key_of(claim.device, claim.quantity, claim.is_dated));
    if (found != series.end()) found->second.remove(claim.step);
}

void StepBook::forget_idle(model::Instant now) {
    if (runtime::is_since_boot(now)) return;
    for (std::size_t dataset = 0; dataset < datasets_.size(); ++dataset) {
        if (datasets_[dataset].step.count() == 0) continue;
        const std::int64_t first = first_known_step(now, datasets_[dataset].step);
        count_ -= std::erase_if(series_[dataset], [first](const auto& series) {
            return series.second.newest < first;
        });
    }
}

std::string_view StepBook::key_of(
    std::string_view device, std::string_view quantity, bool is_dated
) {
    key_.assign(is_dated ? "d" : "b").append(quantity).append(1, '\0').append(device);
    return key_;
}

}  // namespace gateway::buffer
