#include "gateway/kept_through_trial.hpp"

#include <algorithm>

namespace gateway {
namespace {

template <class T>
T* named(std::vector<T>& list, const std::string& name) {
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const T& each) { return each.name == name; });
    return found == list.end() ? nullptr : &*found;
}

// Empty: all.
void join(std::vector<std::string>& datasets, const std::vector<std::string>& others) {
    if (datasets.empty() || others.empty()) return datasets.clear();
    for (const std::string& other : others) {
        if (std::find(datasets.begin(), datasets.end(), other) == datasets.end())
            datasets.push_back(other);
    }
}

}  // namespace

settings::Settings kept_through_trial(settings::Settings trial, const settings::Settings& good) {
    using Full = settings::Buffer::Full;
    trial.buffer.size_max = std::max(trial.buffer.size_max, good.buffer.size_max);
    if (good.buffer.full == Full::refuse) trial.buffer.full = Full::refuse;
    for (const settings::Dataset& dataset : good.datasets) {
        if (auto* same = named(trial.datasets, dataset.name)) {
            same->retention = std::max(same->retention, dataset.retention);
        } else {
            trial.datasets.push_back(dataset);
        }
    }
    for (const settings::Uplink& uplink : good.uplinks) {
        if (auto* same = named(trial.uplinks, uplink.name)) {
            join(same->datasets, uplink.datasets);
        } else {
            trial.uplinks.push_back(uplink);
        }
    }
    return trial;
}

}  // namespace gateway
