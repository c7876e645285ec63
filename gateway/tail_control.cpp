#include "gateway/tail_control.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using status::Response;

status::Standing TailControl::needed(std::string_view path) const {
    return path == status::kTailPath ? status::Standing::technician : others_.needed(path);
}

asio::awaitable<Response> TailControl::answer(std::string path, std::string body) {
    if (path == status::kTailPath) co_return follow(body);
    co_return co_await others_.answer(std::move(path), std::move(body));
}

Response TailControl::follow(const std::string& body) {
    auto filter = status::parse_tail_filter(body);
    if (!filter) return status::refuse(400, "this is not what the command tail asks");
    const auto& datasets = settings_.datasets;
    const bool is_known = filter->dataset.empty() ||
                          std::any_of(datasets.begin(), datasets.end(), [&](const auto& dataset) {
                              return dataset.name == filter->dataset;
                          });
    if (!is_known) return status::refuse(404, "there is no such dataset");
    Response response;
    response.content_type = "application/x-ndjson";
    response.events = tail_.follow(std::move(*filter));
    return response.events ? response : status::refuse(503, "too many follow the readings");
}

}  // namespace gateway
