#pragma once
#include "gateway/aggregate/meter_token.hpp"
#include "gateway/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gateway::aggregate {

// A group of the fixed public list. Its members come from the registry, never from readings, so
// that which groups there are tells nothing.
struct Group {
    std::string name;
    // The group whose total this one is a part of; it stands before this one, has no parent itself,
    // and its members are those of its parts.
    std::optional<std::size_t> parent{};
};

struct Membership {
    MeterToken meter;
    std::size_t group;  // one without parts
};

// Which meter belongs to which groups: what is public about a dataset's aggregation. A value; it
// does not change.
class Registry {
  public:
    static constexpr std::size_t kGroupsMax = 256;
    static constexpr std::size_t kMetersMax = 100'000;
    static constexpr std::size_t kGroupsOfMeterMax = 8;  // totals included

    using Fingerprint = std::array<std::byte, 32>;

    // Errc::impossible_rule when a name is empty or comes twice, a parent is none, a total is given
    // members of its own, two parts of a total share a meter, or a bound above is passed.
    static model::Result<Registry> make(
        std::vector<Group> groups, std::span<const Membership> memberships
    );

    std::span<const Group> groups() const { return groups_; }
    // Meters are numbered from 0 in the order of their tokens.
    std::size_t meters() const { return tokens_.size(); }
    const MeterToken& token(std::uint32_t meter) const { return tokens_[meter]; }
    std::optional<std::uint32_t> find(const MeterToken& token) const;

    // Positions in groups(), ascending, totals included.
    std::span<const std::uint16_t> groups_of(std::uint32_t meter) const {
        return std::span(memberships_).subspan(starts_[meter], starts_[meter + 1] - starts_[meter]);
    }

    bool is_part_of(std::size_t part, std::size_t total) const {
        return groups_[part].parent == total;
    }

    // Of tokens that are made with one key.
    bool shares_meters_with(const Registry& other) const;

    // Some meter is in two groups of which neither is the other's total.
    bool has_overlaps() const { return has_overlaps_; }

    // Of all of it: windows that were begun under another registry are not continued.
    const Fingerprint& fingerprint() const { return fingerprint_; }

  private:
    Registry() = default;

    bool add_meter(const MeterToken& token, std::vector<std::uint16_t> groups);
    void note_fingerprint();

    std::vector<Group> groups_;
    std::vector<MeterToken> tokens_;
    std::vector<std::uint32_t> starts_{0};    // into memberships_, one more than meters
    std::vector<std::uint16_t> memberships_;  // groups, meter after meter
    bool has_overlaps_ = false;
    Fingerprint fingerprint_{};
};

}  // namespace gateway::aggregate
