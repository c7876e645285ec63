#pragma once
#include "gateway/doctor/check.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace gateway::doctor {

// Checks that are made one after another.
struct Group {
    std::string code;  // stands for all of them if they do not come to an end
    std::chrono::milliseconds limit;
    std::function<Checks()> look;  // keeps what it needs alive: it may be left behind
};

struct Examination {
    Checks checks;
    bool is_complete = true;  // otherwise a group was left behind, and its thread still runs
};

// Runs all groups at once, each in a thread of its own, and gives their checks in the order of the
// groups. One that has not come to its end within its limit, counted from the call, is told as a
// warning and left behind: a disk that hangs cannot be called off. What it uses
// must stay: the process is to end without destructors (_exit). One that throws is a warning
// likewise.
Examination examine(std::vector<Group> groups);

}  // namespace gateway::doctor
