#pragma once
#include "gateway/firmware/known_device.hpp"
#include "gateway/firmware/update.hpp"
#include "gateway/model/result.hpp"
#include "gateway/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::firmware {

// Which device gets which update when: one first, then a tenth of those that are known, then all,
// and none any more once something went wrong. Decides and remembers, and does nothing else: what
// changed is for the caller to store before anybody hears of it. One thread.
class Rollout {
  public:
    // A device that has verified its image is back within this time, or has failed.
    static constexpr std::chrono::hours kRebootMax{1};
    // One that was offered an update, and is not heard for so long, leaves its place to another.
    static constexpr std::chrono::hours kSilenceMax{1};
    // One that is heard, and for so long has come no further with its update, has failed.
    static constexpr std::chrono::days kStandstillMax{1};
    static constexpr std::chrono::days kForgottenAfter{30};
    static constexpr std::size_t kDevicesMax = 4096;

    using Identify = std::function<DeviceId(std::string_view source, std::string_view name)>;
    // A stable word: "unknown", "aborted", "expired", "further", "newer-runs".
    using Objection = std::optional<std::string>;

    struct Changes {
        std::vector<Update> updates;
        std::vector<KnownDevice> devices;
        std::vector<DeviceId> forgotten;

        bool empty() const { return updates.empty() && devices.empty() && forgotten.empty(); }
    };

    Rollout(const runtime::WallClock& clock, Identify identify);

    // What the disk has. The times of devices are stamps of this boot.
    void restore(std::vector<Update> updates, std::vector<KnownDevice> devices);

    // --- commands

    void add(Update update);
    Objection start(std::uint32_t number, Stage up_to);
    Objection abort(std::uint32_t number);
    void stop(std::uint32_t number, std::string why);
    // It is in no list any more.
    void forget(std::uint32_t number);

    // --- devices

    // What the device is to be offered, which it is now noted for; null: nothing.
    const Update* introduce(const Device& device);
    void report(const DeviceId& id, const Progress& progress);
    // The update of this sequence where the device may have its image; null otherwise.
    const Update* image_for(const DeviceId& id, std::uint32_t sequence) const;

    // What time brings about; once a minute.
    void watch();

    // --- what came of it

    Changes take_changes();
    const std::map<std::uint32_t, Update>& updates() const { return updates_; }
    const std::map<DeviceId, KnownDevice>& devices() const { return devices_; }
    bool is_for(const Update& update, const KnownDevice& device) const;
    bool has_expired(const Update& update) const;

  private:
    struct Tally {
        std::size_t candidates = 0;
        std::size_t confirmed = 0;
        std::size_t open = 0;
        std::size_t waiting = 0;  // could be offered it
    };

    KnownDevice& note(const Device& device);
    void hear(KnownDevice& device);
    void compare(KnownDevice& device);
    const Update* offer(KnownDevice& device, bool is_settings);
    bool is_busy(const Step& step) const;
    DeviceId device_named(const std::string& source, const std::string& node) const;
    Update* find(std::uint32_t number);
    const Update* update_of(const KnownDevice& device, bool is_settings) const;
    Tally count(const Update& update) const;
    bool may_join(const Update& update) const;
    void fail(KnownDevice& device, bool is_settings, DeviceState state, std::string cause);
    void advance(KnownDevice& device, bool is_settings, DeviceState state);
    void watch(KnownDevice& device, bool is_settings);
    void settle(std::uint32_t number);
    void make_room();
    void forget(const DeviceId& id);

    const runtime::WallClock& clock_;
    Identify identify_;
    std::map<std::uint32_t, Update> updates_;  // at most FirmwareStore::kUpdatesMax
    std::map<DeviceId, KnownDevice> devices_;  // at most kDevicesMax
    // Hashes that is_for() needs for each device: of each source and manifest's node at most one.
    mutable std::map<std::pair<std::string, std::string>, DeviceId> named_;
    std::set<std::uint32_t> changed_updates_;
    std::set<DeviceId> changed_devices_;
    std::set<DeviceId> forgotten_;
};

}  // namespace gateway::firmware
