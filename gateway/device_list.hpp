#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/device_table.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/runtime/clock.hpp"
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

// Makes what an operator may see of the devices that the pipeline heard. On the reactor;
// everything by reference outlives it.
class DeviceList {
  public:
    // A device is overdue when it was not heard for so many of its intervals, and for so long.
    static constexpr int kIntervalsMissed = 3;
    static constexpr std::chrono::minutes kOverdueMin{1};
    // While its interval is not known: every meter reports once a day.
    static constexpr std::chrono::hours kOverdueUnknown{24};

    // `settings` as the pipeline has them, sums and all.
    DeviceList(
        const settings::Settings& settings,
        const Pipeline& pipeline,
        const runtime::WallClock& clock
    );

    observe::DevicesReport report(const observe::DeviceQuery& query) const;

    // How many have the name that they have now.
    std::uint64_t in_use() const;

  private:
    using Device = observe::DeviceTable::Device;
    enum class State : std::uint8_t { heard, silent, refused, renamed };
    struct Dataset {
        std::string name;
        std::chrono::seconds epoch{};      // of its devices' names; 0: they last
        std::chrono::seconds time_step{};  // 0: its times are exact
    };
    struct Entry {
        Device device;
        State state;
    };

    State state_of(const Device& device) const;
    bool is_renamed(const Device& device) const;
    observe::DeviceReport report_on(const Entry& entry) const;
    std::vector<observe::UnnamedReport> unnamed() const;
    static std::string_view to_string(State state);

    const Pipeline& pipeline_;
    const runtime::WallClock& clock_;
    std::vector<Dataset> datasets_;   // in the order of the settings
    std::vector<std::string> units_;  // of the vitals
};

}  // namespace gateway
