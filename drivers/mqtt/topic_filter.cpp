#include "drivers/mqtt/topic_filter.hpp"

#include <algorithm>

namespace drivers::mqtt {

std::string topic_filter(std::string_view pattern) {
    std::string filter;
    for (std::size_t start = 0; start <= pattern.size();) {
        const std::size_t end = std::min(pattern.find('/', start), pattern.size());
        const std::string_view level = pattern.substr(start, end - start);
        if (start > 0) filter += '/';
        filter += level.starts_with('{') && level.ends_with('}') ? std::string_view("+") : level;
        start = end + 1;
    }
    return filter;
}

}  // namespace drivers::mqtt
