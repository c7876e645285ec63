#include "gateway/doctor/tls_alert.hpp"

namespace gateway::doctor {

// "… error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0"
std::string_view alert_in(std::string_view words) {
    constexpr std::string_view kFrom = "SSL routines:";
    const auto begin = words.find(kFrom);
    if (begin == std::string_view::npos) return {};
    words.remove_prefix(begin + kFrom.size());
    words = words.substr(0, words.find_first_of(",\n"));
    words.remove_prefix(words.rfind(':') + 1);
    return words.find(" alert ") == std::string_view::npos ? std::string_view{} : words;
}

}  // namespace gateway::doctor
