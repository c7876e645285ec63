#pragma once
#include "gateway/decode/json_selector.hpp"
#include "gateway/model/decimal.hpp"
#include "gateway/model/refusal.hpp"
#include "gateway/model/time.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace gateway::decode {

// Reads members whose types a format fixes. A member that is absent or null reads as empty; one of
// another type does too, and the fault is remembered, so that many members can be read before it
// is looked at.
class JsonMembers {
  public:
    std::string_view text(const JsonScalar& member);
    std::optional<model::Decimal> number(const JsonScalar& member);
    std::optional<model::Instant> time(const JsonScalar& member);
    std::optional<model::Position> position(
        const JsonScalar& latitude, const JsonScalar& longitude
    );

    // The first fault of all that was read.
    const std::optional<model::Fault>& fault() const { return fault_; }

  private:
    void fail(const model::Fault& fault);

    std::optional<model::Fault> fault_;
};

// The first of several members that is present; an absent one if none is.
JsonScalar first_present(JsonSelector::Row row, std::span<const JsonSelector::Slot> slots);

}  // namespace gateway::decode
