#pragma once
#include "gateway/buffer/taken_steps.hpp"
#include "gateway/settings/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace gateway::buffer {

// A reading that is stored, or will be, for its step: no other one of its dataset, device and
// quantity is. A commit writes it with the reading.
struct StepClaim {
    std::size_t dataset = 0;  // its position in the configuration
    std::string device;       // as it is stored
    std::string quantity;
    std::int64_t step = 0;
    settings::Priority priority = settings::Priority::normal;  // of the dataset
    bool is_dated = true;  // otherwise counted since the boot, and not to be stored
};

// A row of the store.
struct StoredSteps {
    std::string dataset;
    std::string device;
    std::string quantity;
    TakenSteps steps;
};

}  // namespace gateway::buffer
