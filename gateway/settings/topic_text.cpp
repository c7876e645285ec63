#include "gateway/settings/topic_text.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <vector>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::size_t kLevelsMax = 32;

std::vector<std::string_view> levels_of(std::string_view pattern) {
    std::vector<std::string_view> levels;
    for (std::size_t start = 0; start <= pattern.size();) {
        const std::size_t end = std::min(pattern.find('/', start), pattern.size());
        levels.push_back(pattern.substr(start, end - start));
        start = end + 1;
    }
    return levels;
}

bool is_named(std::string_view level) {
    return level.size() > 2 && level.front() == '{' && level.back() == '}' &&
           level.substr(1, level.size() - 2).find_first_of("{}+#") == std::string_view::npos;
}

bool is_well_formed(std::string_view level) {
    return level == "+" || level == "#" || is_named(level) ||
           level.find_first_of("{}+#") == std::string_view::npos;
}

}  // namespace

std::optional<TopicFault> topic_fault(std::string_view pattern) {
    const auto levels = levels_of(pattern);
    if (levels.size() > kLevelsMax) {
        return TopicFault{
            tr("\"{0}\" has more than 32 levels", {pattern}),
            tr("write a shorter pattern, with # at its end if need be")};
    }
    if (std::find(levels.begin(), levels.end() - 1, "#") != levels.end() - 1) {
        return TopicFault{
            tr("\"{0}\" has # before its end", {pattern}), tr("write + for a level in between")};
    }
    if (!std::all_of(levels.begin(), levels.end(), is_well_formed)) {
        return TopicFault{
            tr("\"{0}\" has a wildcard inside a level", {pattern}),
            tr("let {name}, + and # stand alone between two '/'")};
    }
    if (std::count(levels.begin(), levels.end(), "{device}") > 1) {
        return TopicFault{
            tr("\"{0}\" names the device twice", {pattern}), tr("keep one {device} level")};
    }
    return std::nullopt;
}

bool has_level(std::string_view pattern, std::string_view name) {
    const auto levels = levels_of(pattern);
    return std::any_of(levels.begin(), levels.end(), [name](std::string_view level) {
        return is_named(level) && level.substr(1, level.size() - 2) == name;
    });
}

std::string broker_filter(std::string_view pattern) {
    std::string filter;
    for (const std::string_view level : levels_of(pattern)) {
        filter += is_named(level) ? std::string_view{"+"} : level;
        filter += '/';
    }
    filter.pop_back();
    return filter;
}

std::optional<std::vector<std::string>> read_topics(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->empty()) {
        reject_type(value, tr("a list such as [\"water/{device}/reading\"]"), loading);
        return std::nullopt;
    }
    std::vector<std::string> topics;
    for (const Value& element : *array) {
        const auto topic = read_text(element, loading);
        if (!topic) continue;
        if (const auto fault = topic_fault(*topic)) {
            loading.diagnostics.error(element.at, fault->what, fault->remedy);
        } else {
            topics.push_back(*topic);
        }
    }
    return topics;
}

}  // namespace gateway::settings
