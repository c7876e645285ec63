#pragma once
#include "gateway/buffer/erasure.hpp"
#include "gateway/buffer/name_table.hpp"
#include "gateway/buffer/segment.hpp"
#include "gateway/buffer/segment_table.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gateway::buffer {

// Tells the readings of a person from those of others in one dataset.
class PersonFilter {
  public:
    // `traits` outlives it. Device numbers from `device_base` on are nobody's.
    PersonFilter(std::span<const Trait> traits, std::uint64_t device_base)
        : traits_(traits), device_base_(device_base) {}

    // Looks the numbers of the person's devices up.
    model::Result<void> find_devices(NameTable& devices);
    std::span<const std::uint64_t> devices() const { return devices_; }

    // Whether a segment may have readings of the person; its readings are then asked for one by
    // one.
    bool begin(const SegmentRow& row, const SegmentTexts& texts);
    bool matches(const SegmentReading& reading) const;

    bool matches(const PersonRow& row) const;

  private:
    bool has_trait(std::string_view attributes) const;

    std::span<const Trait> traits_;
    std::uint64_t device_base_;
    std::vector<std::uint64_t> devices_;  // in ascending order
    std::uint64_t segment_base_ = 0;
    std::vector<bool> sets_;  // of the segment's attributes: whether they are the person's
};

// Whether a JSON object, as anonymise::Policy writes it, has a member of this name and value. The
// value is JSON as well.
bool has_member(std::string_view object, std::string_view name, std::string_view value);

}  // namespace gateway::buffer
