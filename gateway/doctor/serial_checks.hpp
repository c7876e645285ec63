#pragma once
#include "gateway/doctor/account.hpp"
#include "gateway/doctor/check.hpp"
#include "gateway/doctor/running_gateway.hpp"
#include "gateway/settings/settings.hpp"

namespace gateway::doctor {

// The devices of serial lines: whether each is there, is one, may be opened by the account and can
// have the rate (code serial-line); and whether its nodes are heard (serial-nodes). A device is
// only opened while no gateway has it. No check where there is no such line.
Checks check_serial_lines(
    const settings::Settings& settings, const RunningGateway& running, const Account& account
);

}  // namespace gateway::doctor
