#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::doctor {

// From the best to the worst. What was skipped could not be looked at, or is not there.
enum class Severity : std::uint8_t { skipped, ok, notice, warning, failure };

// "skipped", "ok", "notice", "warning", "failure": for machines.
std::string_view to_string(Severity severity);

// What one look at the box has shown, in the operator's language. No secret is in it.
struct Check {
    std::string code;  // "disk-space": stable, in config/README.md; several checks may share it
    Severity severity = Severity::ok;
    std::string finding;
    std::string consequence;  // empty if nothing is wrong
    std::string remedy;       // likewise
};

using Checks = std::vector<Check>;

Check skipped(std::string code, std::string why);
Check in_order(std::string code, std::string finding);

// The worst first; those that are as bad keep their order.
void sort_worst_first(Checks& checks);

// skipped and ok where nothing is wrong are ok.
Severity worst_of(const Checks& checks);

void append(Checks& to, Checks more);

}  // namespace gateway::doctor
