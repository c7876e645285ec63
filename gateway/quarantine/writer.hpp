#pragma once
#include "gateway/model/time.hpp"
#include "gateway/quarantine/record.hpp"
#include "gateway/quarantine/ring.hpp"
#include "gateway/sealing/sealed_box.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::quarantine {

// The blocking side: seals records and writes them in groups, to spare the flash. Belongs to one
// thread at a time.
class Writer {
  public:
    using Duration = std::chrono::milliseconds;

    // A group is written when it is as large or as old; a power cut costs no more than that.
    static constexpr std::size_t kGroupBytesMax = 64 * 1024;
    static constexpr std::chrono::seconds kGroupAgeMax{30};
    // The flash wears no faster than by one ring a day.
    static constexpr std::chrono::hours kRingLifeMin{24};
    // A larger record would push out too much of the others.
    static constexpr std::uint64_t kRecordShare = 8;

    struct Figures {
        Ring::Figures ring;
        std::uint64_t sealed = 0;             // records that were written
        std::uint64_t spared = 0;             // not taken, for the sake of the flash
        std::uint64_t too_large = 0;          // over a kRecordShare-th of the ring
        std::uint64_t write_failed = 0;       // sealed, and lost to the disk
        boost::system::error_code failure{};  // of the last write; none: it succeeded
    };

    // `settings` has an officer's key that Seal takes.
    Writer(const settings::Quarantine& settings, const sealing::Seal& seal, std::string directory);

    boost::system::error_code open() { return ring_.open(); }

    // What the clock says: the time since the boot, and the date if it is known.
    struct Moment {
        Duration since_boot{};
        std::optional<model::Instant> date;
    };

    // Seals the records and wipes them; writes the group when it is time, or `is_last`.
    void take(std::vector<Record>& records, const Moment& now, bool is_last);

    Figures figures() const;

  private:
    void seal(const Record& record, const Moment& now);
    void refill(Duration since_boot);
    void write_group();

    std::uint64_t size_max_;
    sealing::Seal seal_;
    Ring ring_;
    Figures figures_;
    std::uint64_t allowance_;  // bytes that may be written now
    Duration refilled_{};

    std::string group_;  // envelopes
    std::uint64_t group_records_ = 0;
    model::Instant group_oldest_{};
    Duration group_began_{};
};

}  // namespace gateway::quarantine
