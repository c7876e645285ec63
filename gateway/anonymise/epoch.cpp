#include "gateway/anonymise/epoch.hpp"

namespace gateway::anonymise {

std::int64_t epoch_number(model::Instant now, std::chrono::seconds length) {
    if (length.count() == 0) return 0;
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) / length;
}

std::string epoch_key_name(
    std::string_view dataset, std::chrono::seconds length, std::int64_t number
) {
    return std::string(dataset)
        .append(1, '.')
        .append(std::to_string(length.count()))
        .append(1, '.')
        .append(std::to_string(number));
}

}  // namespace gateway::anonymise
