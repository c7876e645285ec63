#pragma once
#include "gateway/buffer/outbox.hpp"
#include "gateway/device_list.hpp"
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/observe/problems.hpp"
#include "gateway/observe/report.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/quarantine/vault.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/status/report_view.hpp"
#include "gateway/sums.hpp"
#include "gateway/timekeeper.hpp"
#include "gateway/ways_in.hpp"
#include "gateway/ways_out.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gateway {

// The parts whose state the operator sees, in the order of the settings.
struct Parts {
    const buffer::Outbox& outbox;
    const Pipeline& pipeline;
    const WaysIn& ways_in;
    const WaysOut& ways_out;
    const subject::Gate& gate;
    const Sums& sums;
    const observe::History& history;
    const quarantine::Vault* vault = nullptr;         // null: nothing of what is refused is kept
    const firmware::RolloutDesk* firmware = nullptr;  // null: no key of updates is configured
};

// Gathers the report that the status endpoint renders, and raises and clears the problems that
// follow from it. Lives on the reactor; everything by reference outlives it.
class Overview final : public status::ReportView {
  public:
    Overview(
        const settings::Settings& settings,
        Parts parts,
        observe::Log& log,
        const Timekeeper& timekeeper
    );

    observe::Report report() const override;
    std::optional<observe::FirmwareReport> firmware() const override;
    observe::DevicesReport devices(const observe::DeviceQuery& query) const override;
    const observe::History& history() const override { return parts_.history; }
    std::string_view notice() const override { return notice_; }

    // Looks for problems; called every second.
    void watch();

    observe::Problems& problems() { return problems_; }

    // Other ways in and out are in the settings. These sources, by name, became others or went:
    // what was wrong with them is no longer.
    void has_exchanged(const std::set<std::string>& sources);

  private:
    // How the buffer grows, to tell when it will be full.
    struct Growth {
        runtime::WallClock::Duration at{};  // since the boot
        std::uint64_t bytes = 0;
        double bytes_per_second = 0;
    };

    // When a reading was last refused for want of room: how many were so far, and how many stored.
    struct Room {
        std::uint64_t refused = 0;
        std::uint64_t stored = 0;
    };

    // What is measured here, for the public.
    static std::string make_notice(const settings::Settings& settings);
    void watch_source(std::size_t position);
    void watch_driver(std::size_t position);
    void watch_uplink(std::size_t position);
    void watch_erasures(std::size_t position);
    void watch_evictions();
    void watch_room();
    std::uint64_t refused_for_room() const;
    void watch_delivery(std::size_t position, const observe::UplinkReport& report);
    void watch_key(std::size_t position);
    bool waits_for_recipient(const WayOut& way_out) const;
    void watch_buffer();
    void measure_growth();
    observe::SourceReport source_report(std::size_t position) const;
    observe::SumReport sum_report(std::size_t position) const;
    observe::UplinkReport uplink_report(std::size_t position) const;
    std::int64_t uptime_s() const;
    std::int64_t lag_s(const WayOut& way_out) const;
    observe::BufferReport buffer_report() const;
    void report_wear(observe::BufferReport& report) const;
    observe::ClockReport clock_report() const;
    std::optional<model::Instant> dated(const std::optional<model::Instant>& stamp) const;

    const settings::Settings& settings_;
    Parts parts_;
    const Timekeeper& timekeeper_;
    const runtime::TrustedClock& clock_;
    DeviceList devices_;
    observe::Problems problems_;
    std::map<std::string, std::set<std::string>> driver_problems_;  // raised, by source
    std::set<std::uint32_t> stopped_updates_;                       // told as problems
    std::string notice_;                                            // the charter
    runtime::WallClock::Duration started_;                          // since the boot
    Growth growth_;
    Room room_;
    std::uint64_t stored_before_ = 0;
};

}  // namespace gateway
