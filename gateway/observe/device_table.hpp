#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/model/public_reading.hpp"
#include "gateway/model/quantity.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/observe/typical_interval.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gateway::observe {

// What tells how a device itself fares, if it sends it.
inline constexpr std::array<std::string_view, 5> kVitals{
    "battery.level", "battery.voltage", "battery.low", "radio.rssi", "radio.snr"};

// What was heard of each device since the start, by the name that the rules of its dataset have
// left: no other name gets in here. In memory alone, some 500 bytes a device and 5 MB when it is
// full. Lives on the reactor.
class DeviceTable {
  public:
    // Named bound. For the next one the eighth of them goes that was not heard for longest.
    static constexpr std::size_t kDevicesMax = 10'000;
    // What comes closer together is one message of a device, or as good as one.
    static constexpr std::chrono::seconds kMessageInterval{1};

    // Times are stamps of a runtime::WallClock. What each reading changes is apart from the rest,
    // and fits a line of the cache: with ten thousand devices a line that is not there costs more
    // than all the work.
    class Activity {
      public:
        std::uint64_t readings = 0;
        TypicalInterval interval;
        model::SourceId source{};  // through which it was last heard

        std::optional<model::Instant> last_seen() const;  // with a reading that is stored

      private:
        friend class DeviceTable;
        void see(model::Instant at);
        static constexpr model::Instant kNever = model::Instant::min();
        model::Instant seen_ = kNever;
        model::Instant message_began_ = kNever;
    };
    struct Details {
        std::size_t dataset = 0;
        std::string name;
        std::optional<model::Instant> first_seen;
        std::optional<model::Instant> last_refused;
        std::array<std::uint32_t, model::kRefusalCount> refused{};
        // In the order of kVitals.
        std::array<std::optional<model::Decimal>, kVitals.size()> vitals;
    };
    // In the table as long as nobody is heard or erased.
    struct Device {
        const Activity* activity;
        const Details* details;
        // Whatever became of it.
        model::Instant last_heard() const;
    };

    // Who was heard, where and when. Devices without a name are in no table.
    struct Sender {
        std::size_t dataset;
        model::SourceId source;
        std::string_view name;
        model::Instant at;
    };

    // `vocabulary` outlives the table and does not change any more.
    explicit DeviceTable(const model::Vocabulary& vocabulary);

    void heard(const Sender& sender, const model::PublicReading& reading);
    void refused(const Sender& sender, model::Refusal cause, std::uint64_t readings);

    // Takes a device out, or with an empty name all of a dataset: their data were erased.
    void erase(std::size_t dataset, std::string_view name);

    std::size_t size() const { return details_.size(); }
    // In the order of kVitals; null where the vocabulary has none of the name.
    const std::array<const model::Quantity*, kVitals.size()>& vital_quantities() const {
        return vitals_;
    }
    std::uint64_t forgotten() const { return forgotten_; }  // to make room

    // Calls `visit(Device)` with each.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& [key, details] : details_)
            visit(Device{&activities_.find(key)->second, &details});
    }

  private:
    // Of dataset and name, whose hash it is. Two devices of a full table have the same one with a
    // probability of 1 to 10^11; then they would be shown as one.
    using Key = std::uint64_t;
    struct KeyHash {
        std::size_t operator()(Key key) const { return static_cast<std::size_t>(key); }
    };

    static Key key_of(const Sender& sender);
    std::pair<const Key, Activity>& activity_of(const Sender& sender);
    void forget_some();
    model::Instant heard_last_of_those_to_forget() const;

    std::array<const model::Quantity*, kVitals.size()> vitals_{};
    std::unordered_map<Key, Activity, KeyHash> activities_;
    std::unordered_map<Key, Details, KeyHash> details_;  // of the same devices
    std::uint64_t forgotten_ = 0;
    // Whom the last reading was of: a frame's readings mostly are of one device.
    std::pair<const Key, Activity>* last_ = nullptr;
};

}  // namespace gateway::observe
