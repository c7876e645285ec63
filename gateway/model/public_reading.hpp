#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/quantity.hpp"
#include "gateway/model/time.hpp"

#include <string_view>

namespace gateway::anonymise {
class Policy;
}

namespace gateway::model {

// A reading after its dataset's rules: the only thing the buffer takes. Only anonymise::Policy can
// make one, so that a way around the rules is a compile error. A view, valid until the policy's
// next frame.
class PublicReading {
  public:
    std::string_view device() const {
        return device_;
    }  // pseudonym, or the name where the rule is `keep`
    const Quantity& quantity() const { return *quantity_; }
    Decimal value() const { return value_; }  // in quantity().unit
    Instant observed_at() const { return observed_at_; }
    TimeQuality time_quality() const { return time_quality_; }

    // The attributes the rules let pass, as a JSON object with sorted keys; empty if there are
    // none.
    std::string_view attributes() const { return attributes_; }

  private:
    friend class anonymise::Policy;
    PublicReading() = default;

    std::string_view device_;
    const Quantity* quantity_ = nullptr;
    Decimal value_;
    Instant observed_at_{};
    TimeQuality time_quality_ = TimeQuality::gateway;
    std::string_view attributes_;
};

}  // namespace gateway::model
