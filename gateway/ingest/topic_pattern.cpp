#include "gateway/ingest/topic_pattern.hpp"

#include <optional>

namespace gateway::ingest {
namespace {

// Takes the text up to the next slash off `rest`; nothing when no level is left.
std::optional<std::string_view> next_level(std::optional<std::string_view>& rest) {
    if (!rest) return std::nullopt;
    const auto slash = rest->find('/');
    const auto level = rest->substr(0, slash);
    if (slash == std::string_view::npos) {
        rest.reset();
    } else {
        rest->remove_prefix(slash + 1);
    }
    return level;
}

bool is_level_name(std::string_view text) {
    return text.size() > 2 && text.front() == '{' && text.back() == '}' &&
           text.substr(1, text.size() - 2).find_first_of("{}") == std::string_view::npos;
}

}  // namespace

model::Result<TopicPattern> TopicPattern::parse(std::string_view text) {
    const auto invalid =
        boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    TopicPattern pattern;
    std::optional<std::string_view> rest{text};
    while (const auto level = next_level(rest)) {
        if (pattern.levels_.size() == kLevelsMax || (*level == "#" && rest)) return invalid;
        if (*level == "#") {
            pattern.levels_.push_back({Kind::any_rest, {}});
        } else if (*level == "+") {
            pattern.levels_.push_back({Kind::any_one, {}});
        } else if (is_level_name(*level)) {
            pattern.levels_.push_back(
                {Kind::named, std::string(level->substr(1, level->size() - 2))}
            );
        } else if (level->find_first_of("+#{}") != std::string_view::npos) {
            return invalid;
        } else {
            pattern.levels_.push_back({Kind::literal, std::string(*level)});
        }
    }
    if (text.empty()) return invalid;
    return pattern;
}

bool TopicPattern::match(std::string_view topic, std::vector<NamedLevel>& levels) const {
    levels.clear();
    std::optional<std::string_view> rest{topic};
    for (const auto& expected : levels_) {
        if (expected.kind == Kind::any_rest) return true;
        const auto level = next_level(rest);
        if (!level) return false;
        if (expected.kind == Kind::literal && *level != expected.text) return false;
        if (expected.kind == Kind::named) levels.push_back({expected.text, *level});
    }
    return !rest;
}

}  // namespace gateway::ingest
