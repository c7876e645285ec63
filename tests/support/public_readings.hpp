#pragma once
// Public readings for tests and benches of what lies behind the anonymiser. Only
// gateway::anonymise::Policy can make one, so this stands in for it: never include it in a program
// that links the real one.
#include "gateway/model/public_reading.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::anonymise {

class Policy {
  public:
    struct Fields {
        std::string_view device;
        const model::Quantity* quantity = nullptr;
        model::Decimal value;
        model::Instant observed_at{};
        model::TimeQuality time_quality = model::TimeQuality::gateway;
        std::string_view attributes;
    };

    static model::PublicReading make(const Fields& fields) {
        model::PublicReading reading;
        reading.device_ = fields.device;
        reading.quantity_ = fields.quantity;
        reading.value_ = fields.value;
        reading.observed_at_ = fields.observed_at;
        reading.time_quality_ = fields.time_quality;
        reading.attributes_ = fields.attributes;
        return reading;
    }
};

}  // namespace gateway::anonymise

namespace tests::support {

using PublicFields = gateway::anonymise::Policy::Fields;

// A list of readings that keeps their texts.
class PublicReadings {
  public:
    PublicReadings& add(PublicFields fields) {
        fields.device = texts_.emplace_back(fields.device);
        fields.attributes = texts_.emplace_back(fields.attributes);
        readings_.push_back(gateway::anonymise::Policy::make(fields));
        return *this;
    }

    const std::vector<gateway::model::PublicReading>& all() const { return readings_; }

  private:
    std::deque<std::string> texts_;
    std::vector<gateway::model::PublicReading> readings_;
};

}  // namespace tests::support
