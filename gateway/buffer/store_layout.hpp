#pragma once
#include "gateway/buffer/store.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace gateway::buffer {

struct StoredDataset {
    std::string name;
    std::uint64_t id = 0;  // in the store; given there
    settings::Priority priority = settings::Priority::normal;
    std::chrono::seconds retention{};
    std::chrono::seconds time_step{};  // its times are multiples of it; 0: as they are
    bool keeps_one_a_step = false;
    std::vector<std::size_t> queues;  // of the uplinks that take it
};

// Which datasets and which queues a store has: those of the configuration, in its order, then the
// datasets that the configuration no longer has but of which readings are left. These keep
// kOrphanRetention and go to the uplinks that take every dataset.
class StoreLayout {
  public:
    static constexpr std::chrono::hours kOrphanRetention{30 * 24};

    StoreLayout(const settings::Settings& settings, const std::vector<std::string>& datasets_left);

    const std::vector<StoredDataset>& datasets() const { return datasets_; }
    std::vector<StoredDataset>& datasets() { return datasets_; }
    const std::vector<std::string>& uplinks() const { return uplinks_; }
    const std::vector<QueueName>& queues() const { return queues_; }
    bool has_alarms() const;
    bool takes_all(const std::string& uplink) const;
    const StoredDataset* find(const std::string& dataset) const;  // null if there is none
    const StoredDataset& dataset_of(std::size_t queue) const {
        return datasets_[queue_datasets_[queue]];
    }

  private:
    void add(StoredDataset dataset, const settings::Settings& settings, bool configured);

    std::vector<StoredDataset> datasets_;
    std::vector<std::string> uplinks_;
    std::vector<QueueName> queues_;
    std::vector<std::size_t> queue_datasets_;
};

}  // namespace gateway::buffer
