#include "gateway/cli/subject_page.hpp"

#include <boost/json/parse.hpp>

namespace gateway::cli {

namespace json = boost::json;

std::optional<Page> parse_page(std::string_view body) {
    const auto end = body.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    boost::system::error_code failure;
    const json::value head = json::parse(json::string_view(body.data(), end), failure);
    if (failure || !head.is_object()) return std::nullopt;
    const auto* next = head.get_object().if_contains("next");
    const auto* more = head.get_object().if_contains("more");
    if (next == nullptr || more == nullptr || !more->is_bool()) return std::nullopt;
    Page page;
    page.next = next->to_number<std::uint64_t>(failure);
    page.more = more->get_bool();
    page.lines = body.substr(end + 1);
    return failure ? std::nullopt : std::optional(page);
}

}  // namespace gateway::cli
