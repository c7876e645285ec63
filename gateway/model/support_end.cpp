#include "gateway/model/support_end.hpp"

namespace gateway::model {

std::string support_end() {
    return PASSERELLE_SUPPORT_END;
}

bool has_support_ended(Instant now) {
    static const auto last_day = parse_rfc3339(support_end() + "T00:00:00Z");
    constexpr std::chrono::hours kDay{24};
    return last_day && now >= *last_day + kDay;
}

}  // namespace gateway::model
