#include "gateway/configuration_control.hpp"

#include "gateway/control_response.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using status::Response;

namespace {

Response response_of(const Reconfiguration::Answer& answer) {
    constexpr unsigned kAccepted = 202;
    if (!answer) return refuse(answer.error());
    return json_response(kAccepted, "{\"number\":" + std::to_string(*answer) + '}');
}

}  // namespace

status::Standing ConfigurationControl::needed(std::string_view path) const {
    constexpr std::array<std::string_view, 4> kPaths{
        rollout::kApplyPath, rollout::kConfirmPath, rollout::kReturnPath, rollout::kStatePath};
    const bool is_own = std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
    return is_own ? status::Standing::technician : others_.needed(path);
}

asio::awaitable<Response> ConfigurationControl::answer(std::string path, std::string body) {
    constexpr unsigned kOk = 200;
    if (path == rollout::kApplyPath) co_return co_await apply(std::move(body));
    if (path == rollout::kConfirmPath) co_return co_await confirm(std::move(body));
    if (path == rollout::kReturnPath) co_return co_await end_trial();
    if (path == rollout::kStatePath)
        co_return json_response(kOk, rollout::to_json(reconfiguration_.state(view_.report())));
    co_return co_await others_.answer(std::move(path), std::move(body));
}

asio::awaitable<Response> ConfigurationControl::apply(std::string body) {
    auto request = rollout::parse_apply_request(body);
    if (!request) co_return malformed();
    const auto answer = co_await reconfiguration_.apply(std::move(*request), view_.report());
    co_return response_of(answer);
}

asio::awaitable<Response> ConfigurationControl::confirm(std::string body) {
    const auto request = rollout::parse_confirm_request(body);
    if (!request) co_return malformed();
    const auto answer = co_await reconfiguration_.confirm(*request, view_.report());
    co_return response_of(answer);
}

asio::awaitable<Response> ConfigurationControl::end_trial() {
    const auto answer = co_await reconfiguration_.return_to_good();
    co_return response_of(answer);
}

}  // namespace gateway
