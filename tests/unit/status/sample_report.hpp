#pragma once
#include "gateway/observe/report.hpp"

namespace tests::status {

// A gateway at work, with every part of the report filled in.
gateway::observe::Report sample_report();

}  // namespace tests::status
