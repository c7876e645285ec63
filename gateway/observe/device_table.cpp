#include "gateway/observe/device_table.hpp"

#include "gateway/runtime/clock.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

namespace gateway::observe {
namespace {

constexpr std::size_t kForgottenAtOnce = DeviceTable::kDevicesMax / 8;

// What is refused since it is there already: the device does what it should.
bool is_there_already(model::Refusal cause) {
    return cause == model::Refusal::duplicate || cause == model::Refusal::step_taken;
}

}  // namespace

std::optional<model::Instant> DeviceTable::Activity::last_seen() const {
    return seen_ == kNever ? std::nullopt : std::optional{seen_};
}

void DeviceTable::Activity::see(model::Instant at) {
    seen_ = at;
    const bool is_measurable = message_began_ != kNever && at >= message_began_ &&
                               runtime::is_since_boot(message_began_) == runtime::is_since_boot(at);
    if (is_measurable) {
        const auto gap = at - message_began_;
        if (gap < kMessageInterval) return;
        interval.add(gap);
    }
    message_began_ = at;
}

model::Instant DeviceTable::Device::last_heard() const {
    return std::max(activity->seen_, details->last_refused.value_or(Activity::kNever));
}

DeviceTable::DeviceTable(const model::Vocabulary& vocabulary) {
    std::transform(kVitals.begin(), kVitals.end(), vitals_.begin(), [&](std::string_view name) {
        return vocabulary.find(name);
    });
}

void DeviceTable::heard(const Sender& sender, const model::PublicReading& reading) {
    if (sender.name.empty()) return;
    auto& [key, activity] = activity_of(sender);
    if (activity.readings++ == 0) details_.find(key)->second.first_seen = sender.at;
    if (activity.seen_ != sender.at) activity.see(sender.at);
    const auto* const vital = std::find(vitals_.begin(), vitals_.end(), &reading.quantity());
    if (vital == vitals_.end()) return;
    const auto place = static_cast<std::size_t>(vital - vitals_.begin());
    details_.find(key)->second.vitals[place] = reading.value();
}

void DeviceTable::refused(const Sender& sender, model::Refusal cause, std::uint64_t readings) {
    if (sender.name.empty()) return;
    auto& [key, activity] = activity_of(sender);
    Details& details = details_.find(key)->second;
    auto& count = details.refused[static_cast<std::size_t>(cause)];
    const std::uint64_t room = std::numeric_limits<std::uint32_t>::max() - count;
    count += static_cast<std::uint32_t>(std::min(readings, room));
    if (is_there_already(cause)) return activity.see(sender.at);
    details.last_refused = sender.at;
}

void DeviceTable::erase(std::size_t dataset, std::string_view name) {
    last_ = nullptr;
    std::erase_if(details_, [&](const auto& entry) {
        const auto& [key, details] = entry;
        const bool goes = details.dataset == dataset && (name.empty() || details.name == name);
        if (goes) activities_.erase(key);
        return goes;
    });
}

std::pair<const DeviceTable::Key, DeviceTable::Activity>& DeviceTable::activity_of(
    const Sender& sender
) {
    const Key key = key_of(sender);
    if (last_ == nullptr || last_->first != key) {
        auto found = activities_.find(key);
        if (found == activities_.end()) {
            if (size() == kDevicesMax) forget_some();
            found = activities_.try_emplace(key).first;
            Details& details = details_[key];
            details.dataset = sender.dataset;
            details.name = sender.name;
        }
        last_ = &*found;
    }
    last_->second.source = sender.source;
    return *last_;
}

DeviceTable::Key DeviceTable::key_of(const Sender& sender) {
    constexpr Key kOdd = 0x9e3779b97f4a7c15;  // so that datasets are far apart
    return std::hash<std::string_view>{}(sender.name) + kOdd * sender.dataset;
}

void DeviceTable::forget_some() {
    const auto latest = heard_last_of_those_to_forget();
    last_ = nullptr;
    std::size_t gone = 0;
    std::erase_if(details_, [&](const auto& entry) {
        const auto activity = activities_.find(entry.first);
        const Device device{&activity->second, &entry.second};
        if (gone == kForgottenAtOnce || device.last_heard() > latest) return false;
        activities_.erase(activity);
        ++gone;
        return true;
    });
    forgotten_ += gone;
}

model::Instant DeviceTable::heard_last_of_those_to_forget() const {
    std::vector<model::Instant> times;
    times.reserve(size());
    for_each([&](const Device& device) { times.push_back(device.last_heard()); });
    const auto place = times.begin() + kForgottenAtOnce - 1;
    std::nth_element(times.begin(), place, times.end());
    return *place;
}

}  // namespace gateway::observe
