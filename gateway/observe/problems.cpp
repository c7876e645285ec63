#include "gateway/observe/problems.hpp"

#include "gateway/language/translate.hpp"

#include <algorithm>
#include <tuple>

namespace gateway::observe {

void Problems::raise(std::string_view code, std::string_view text, bool failing) {
    const auto position = problems_.find(code);
    const bool is_new = position == problems_.end();
    const bool has_changed = is_new || position->second.failing != failing;
    if (has_changed) log_.write(failing ? Level::error : Level::warning, code, text, {});
    if (is_new) {
        if (problems_.size() >= kProblemsMax) return;
        Problem problem{std::string{code}, std::string{text}, clock_.stamp(), failing};
        problems_.emplace(code, std::move(problem));
        return;
    }
    position->second.text = text;
    position->second.failing = failing;
}

void Problems::clear(std::string_view code) {
    const auto position = problems_.find(code);
    if (position == problems_.end()) return;
    log_.info(code, language::tr("solved: {0}", {position->second.text}));
    problems_.erase(position);
}

std::vector<Problem> Problems::list() const {
    std::vector<Problem> list;
    list.reserve(problems_.size());
    for (const auto& [code, problem] : problems_) {
        list.push_back(problem);
        list.back().since = clock_.date(problem.since);
    }
    std::stable_sort(list.begin(), list.end(), [](const Problem& a, const Problem& b) {
        return std::tuple{!a.failing, a.since} < std::tuple{!b.failing, b.since};
    });
    return list;
}

}  // namespace gateway::observe
