#pragma once
#include "gateway/observe/device_report.hpp"
#include "gateway/observe/history.hpp"
#include "gateway/observe/report.hpp"

#include <string>

namespace tests::status {

// A gateway at work, with every part of the report filled in.
gateway::observe::Report sample_report();

// A device that works, a silent one, and what belongs to none.
gateway::observe::DevicesReport sample_devices();
// Two hours and a half of the gateway of sample_report(), with an outage of its uplinks.
struct SamplePast {
    SamplePast();
    gateway::runtime::ManualClock clock;
    gateway::observe::History history;
};

// The page of a report, after that past.
std::string sample_page(const gateway::observe::Report& report);

}  // namespace tests::status
