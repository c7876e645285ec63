#include "gateway/buffer/store_layout.hpp"

#include "gateway/settings/kept_step.hpp"

#include <algorithm>

namespace gateway::buffer {

namespace {

std::chrono::seconds time_step_of(const settings::Dataset& dataset) {
    const auto rule = dataset.fields.find("time");
    if (rule == dataset.fields.end()) return {};
    const auto* coarsen = std::get_if<settings::Coarsen>(&rule->second);
    return coarsen == nullptr ? std::chrono::seconds{} : coarsen->step;
}

}  // namespace

StoreLayout::StoreLayout(
    const settings::Settings& settings, const std::vector<std::string>& datasets_left
) {
    for (const auto& uplink : settings.uplinks) uplinks_.push_back(uplink.name);
    for (const auto& configured : settings.datasets) {
        StoredDataset dataset;
        dataset.name = configured.name;
        dataset.priority = configured.priority;
        dataset.retention = configured.retention;
        dataset.time_step = time_step_of(configured);
        dataset.keeps_one_a_step = settings::kept_step(configured).count() > 0;
        add(std::move(dataset), settings, true);
    }
    for (const auto& name : datasets_left) {
        const auto same = [&](const StoredDataset& dataset) { return dataset.name == name; };
        if (std::any_of(datasets_.begin(), datasets_.end(), same)) continue;
        StoredDataset dataset;
        dataset.name = name;
        dataset.retention = kOrphanRetention;
        add(std::move(dataset), settings, false);
    }
}

bool StoreLayout::has_alarms() const {
    return std::any_of(datasets_.begin(), datasets_.end(), [](const StoredDataset& dataset) {
        return dataset.priority == settings::Priority::alarm;
    });
}

bool StoreLayout::takes_all(const std::string& uplink) const {
    const auto of_uplink = [&](const QueueName& queue) { return queue.uplink == uplink; };
    const auto taken = std::count_if(queues_.begin(), queues_.end(), of_uplink);
    return static_cast<std::size_t>(taken) == datasets_.size();
}

void StoreLayout::add(StoredDataset dataset, const settings::Settings& settings, bool configured) {
    for (const auto& uplink : settings.uplinks) {
        const auto& taken = uplink.datasets;
        const bool named = std::find(taken.begin(), taken.end(), dataset.name) != taken.end();
        if (!taken.empty() && !(configured && named)) continue;
        dataset.queues.push_back(queues_.size());
        queues_.push_back(QueueName{uplink.name, dataset.name});
        queue_datasets_.push_back(datasets_.size());
    }
    datasets_.push_back(std::move(dataset));
}

const StoredDataset* StoreLayout::find(const std::string& dataset) const {
    const auto found = std::find_if(datasets_.begin(), datasets_.end(), [&](const auto& stored) {
        return stored.name == dataset;
    });
    return found == datasets_.end() ? nullptr : &*found;
}

}  // namespace gateway::buffer
