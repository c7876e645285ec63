#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace drivers::simulator {

// A device that does not exist. What it measures is a pure function of the seed, its number and the
// time: indexes rise by day more than by night and never fall, temperatures and levels follow the
// day and wander. Two runs with one seed agree, whenever they begin.
class VirtualMeter {
  public:
    VirtualMeter(std::uint64_t seed, int number);

    const std::string& device() const { return device_; }  // "sim-000042"

    // The value of a quantity in the unit the device sends, at a time.
    gateway::model::Decimal value(
        std::string_view quantity, std::string_view unit, gateway::model::Instant at
    ) const;

  private:
    std::string device_;
    std::uint64_t seed_;
};

// True for the formats payload() can write: "json" (as the source maps it) and "senml-json".
bool can_simulate(const gateway::settings::Format& format);

// One message of the device in the source's format.
std::string payload(
    const VirtualMeter& meter, const gateway::settings::Format& format, gateway::model::Instant at
);

// The topic of the device under a topic pattern: the "{device}" level becomes its name, every other
// named or open level "sim".
std::string topic(std::string_view pattern, const VirtualMeter& meter);

}  // namespace drivers::simulator
