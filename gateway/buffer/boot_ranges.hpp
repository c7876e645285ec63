#pragma once
#include "gateway/model/time.hpp"
#include "gateway/runtime/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gateway::buffer {

// What is known of when this boot began.
struct BootDate {
    enum class Knowledge : std::uint8_t {
        awaited,  // the clock may soon be right: readings that wait for it are not sent yet
        guessed,  // it did not come in time; `began` is the best guess
        known,
    };
    std::string boot_id;
    model::Instant began{};
    Knowledge knowledge = Knowledge::awaited;

    bool operator==(const BootDate&) const = default;
};

// Readings from `first_sequence` to the next range's first were stored in one boot; those without a
// date have the time since its beginning instead.
struct BootRange {
    enum class State : std::uint8_t {
        open,       // the beginning may yet become known; `began` is a guess
        corrected,  // `began` is right
        uncertain,  // `began` is a guess for ever: readings were sent with it, or the boot is over
    };
    std::uint64_t first_sequence = 0;
    std::string boot_id;
    model::Instant began{};
    State state = State::open;

    bool operator==(const BootRange&) const = default;
};

// The ranges of what is stored, in the order of their sequences. A value: changes go into a copy
// that is committed with the database.
//
// The promise behind it: once a reading has been in a batch, its date is the same for ever. So a
// range changes its beginning only while it is open, and give_up() closes it as far as a batch
// goes.
class BootRanges {
  public:
    struct Date {
        model::Instant time{};
        model::TimeQuality quality = model::TimeQuality::uncertain;
        bool is_final = true;  // false: of an open range
    };

    BootRanges() = default;
    explicit BootRanges(std::vector<BootRange> ranges) : ranges_(std::move(ranges)) {}

    const std::vector<BootRange>& all() const { return ranges_; }
    bool operator==(const BootRanges&) const = default;

    // The date of what a reading remembers as the time since the boot. Where there is no range, as
    // after damage, the earliest that can be.
    Date date(std::uint64_t sequence, model::Instant since_boot) const;
    // What a time of storing says beyond its boot: that of the current boot stays as it is.
    model::Instant outlasting(std::uint64_t sequence, model::Instant time) const;
    // The latest that such a time can mean; nothing while nobody knows.
    std::optional<model::Instant> latest(std::uint64_t sequence, model::Instant time) const;

    // Takes what is known now. `next_sequence` is the first that this boot may yet give.
    void take(const BootDate& date, std::uint64_t next_sequence);
    // Makes the guess final for readings up to `last_sequence`.
    void give_up(std::uint64_t last_sequence);
    // Forgets ranges that end before `first_sequence`.
    void forget_before(std::uint64_t first_sequence);

  private:
    using Iterator = std::vector<BootRange>::const_iterator;
    // The range of a sequence; the end if there is none.
    Iterator find(std::uint64_t sequence) const;

    std::vector<BootRange> ranges_;
};

}  // namespace gateway::buffer
