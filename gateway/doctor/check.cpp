#include "gateway/doctor/check.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace gateway::doctor {
namespace {

constexpr std::array<std::string_view, 5> kNames{"skipped", "ok", "notice", "warning", "failure"};

}  // namespace

std::string_view to_string(Severity severity) {
    return kNames.at(static_cast<std::size_t>(severity));
}

Check skipped(std::string code, std::string why) {
    return {std::move(code), Severity::skipped, std::move(why), {}, {}};
}

Check in_order(std::string code, std::string finding) {
    return {std::move(code), Severity::ok, std::move(finding), {}, {}};
}

void sort_worst_first(Checks& checks) {
    std::stable_sort(checks.begin(), checks.end(), [](const Check& left, const Check& right) {
        return left.severity > right.severity;
    });
}

Severity worst_of(const Checks& checks) {
    Severity worst = Severity::ok;
    for (const Check& check : checks) worst = std::max(worst, check.severity);
    return worst;
}

void append(Checks& to, Checks more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace gateway::doctor
