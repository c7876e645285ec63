#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/report.hpp"

namespace tests::status {

// A gateway at work, with every part of the report filled in.
gateway::observe::Report sample_report();

// A device that works, a silent one, and what belongs to none.
gateway::observe::DevicesReport sample_devices();

}  // namespace tests::status
