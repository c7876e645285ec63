#include "gateway/mqtt_codec/topic.hpp"

#include <cstddef>

namespace gateway::mqtt_codec {

namespace {

constexpr std::string_view kSharePrefix = "$share/";

bool is_plain_filter(std::string_view text) {
    if (text.empty()) return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '+' && text[at] != '#') continue;
        const bool begins_level = at == 0 || text[at - 1] == '/';
        const bool is_last = at + 1 == text.size();
        const bool ends_level = is_last || (text[at] == '+' && text[at + 1] == '/');
        if (!begins_level || !ends_level) return false;
    }
    return true;
}

}  // namespace

bool has_wildcard(std::string_view text) {
    return text.find('+') != std::string_view::npos || text.find('#') != std::string_view::npos;
}

bool is_topic_name(std::string_view text) {
    return !text.empty() && !has_wildcard(text);
}

bool is_shared_filter(std::string_view text) {
    return text.starts_with(kSharePrefix);
}

bool is_topic_filter(std::string_view text, Version version) {
    if (version != Version::mqtt_5 || !is_shared_filter(text)) return is_plain_filter(text);
    text.remove_prefix(kSharePrefix.size());
    const std::size_t name_bytes = text.find('/');
    if (name_bytes == std::string_view::npos || name_bytes == 0) return false;
    return !has_wildcard(text.substr(0, name_bytes)) &&
           is_plain_filter(text.substr(name_bytes + 1));
}

}  // namespace gateway::mqtt_codec
