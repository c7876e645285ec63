#pragma once
#include "gateway/buffer/device_dictionary.hpp"
#include "gateway/buffer/segment.hpp"
#include "gateway/buffer/session_mark.hpp"
#include "gateway/buffer/step_claim.hpp"
#include "gateway/buffer/text_hash.hpp"
#include "gateway/buffer/vault_token.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/settings/settings.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace gateway::buffer {

// What one commit writes: all of it or nothing.
struct Group {
    std::vector<std::vector<SegmentReading>> datasets;  // the readings of each configured dataset
    SegmentTexts texts;                                 // what they all point to
    std::uint64_t device_base = 0;
    std::vector<NewDevice> new_devices;
    std::array<std::uint64_t, model::kRefusalCount> refused{};
    std::vector<SessionChange> session_changes;
    std::vector<StepClaim> step_claims;  // of its readings
    std::vector<VaultToken> new_tokens;  // of its readings, and of earlier ones
    model::Instant stored_at{};

    std::size_t readings() const;
    bool empty() const;  // neither readings, session changes nor refusals
};

// Fills groups, one after another, on the reactor. Their memory goes round: in the steady state a
// reading costs no allocation.
class GroupBuilder {
  public:
    static constexpr std::size_t kGroupReadingsMax = 65'536;
    static constexpr std::size_t kGroupAlarmsKept = 4'096;  // of the readings, for alarms alone
    static constexpr std::size_t kGroupTextBytesMax = 4U << 20;
    static constexpr std::size_t kGroupSessionChangesMax = 65'536;

    GroupBuilder(std::vector<settings::Priority> datasets, std::uint64_t next_device);

    settings::Priority priority_of(std::size_t dataset) const { return priorities_[dataset]; }

    // False when the group would leave its bounds; then nothing is added. A list that is within
    // them by itself always fits an empty group.
    [[nodiscard]] bool add(std::size_t dataset, std::span<const model::PublicReading> readings);
    // Only when there is room for it.
    void add(const SessionChange& change) { group_.session_changes.push_back(change); }
    bool has_room_for_change() const {
        return group_.session_changes.size() < kGroupSessionChangesMax;
    }
    // Of the readings that were added last.
    void add(std::vector<StepClaim> claims);
    void add(std::vector<VaultToken> tokens);
    void count_refused(model::Refusal cause, std::uint64_t readings);

    std::size_t readings() const { return readings_; }
    // Holds something that a sender waits for.
    bool awaited() const { return readings_ > 0 || !group_.session_changes.empty(); }
    bool empty() const { return !awaited() && !refused_; }
    std::uint64_t device_base() const { return devices_.base(); }

    // Hands out the group and begins the next in the memory of `spent`, an earlier one.
    Group take(Group spent, model::Instant now);

    // Keeps what must not be lost of a group that was not stored: its refusals, and the device
    // texts and tokens that readings added since have.
    void keep_rest_of(Group& failed);

    // The next group uses new device numbers, and so does this one if it has no readings yet.
    // Answers the first number that no reading so far has.
    std::uint64_t begin_device_generation();

  private:
    void add(std::vector<SegmentReading>& readings, const model::PublicReading& reading);
    std::uint16_t quantity_index(const model::Quantity& quantity);
    std::uint32_t attributes_index(std::string_view attributes);
    void begin();

    std::vector<settings::Priority> priorities_;  // of the datasets
    Group group_;
    std::size_t readings_ = 0;
    bool refused_ = false;
    std::size_t text_bytes_ = 0;
    bool generation_over_ = false;
    DeviceDictionary devices_;
    std::unordered_map<const model::Quantity*, std::uint16_t> quantities_;
    TextMap<std::uint32_t> attributes_;
};

}  // namespace gateway::buffer
