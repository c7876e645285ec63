#pragma once
#include "gateway/settings/settings.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace gateway::cli {

// Why a gateway does not run, and what is known of it all the same, for a gateway that stays
// reachable.
struct Standstill {
    static constexpr std::chrono::seconds kLookInterval{3};

    std::string code;             // of the problem: "configuration-broken"
    std::string text;             // what is wrong, where, what to do; no secret is in it
    settings::Settings readable;  // who it is and where it answers: see settings::LoadResult
    // Whether another try may end otherwise. Asked every kLookInterval, on a thread of its own;
    // blocks, and changes nothing.
    std::function<bool()> is_worth_a_try;
};

}  // namespace gateway::cli
