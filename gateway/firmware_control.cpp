#include "gateway/firmware_control.hpp"

#include "gateway/control_response.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/json_firmware.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gateway {

namespace asio = boost::asio;
using status::Response;

namespace {

Response done(std::string body) {
    constexpr unsigned kOk = 200;
    return json_response(kOk, std::move(body));
}

Response conflict(const firmware::RolloutDesk::Refusal& refusal) {
    constexpr unsigned kConflict = 409;
    return refuse({kConflict, refusal.code, refusal.text});
}

Response without_keys() {
    return conflict(
        {"no-keys",
         language::tr("This gateway takes no updates for devices: [gateway] names no firmware_keys "
                      "that they could be signed with.")}
    );
}

bool is_own(std::string_view path) {
    constexpr std::array<std::string_view, 4> kPaths{
        firmware::kAddPath, firmware::kRolloutPath, firmware::kAbortPath, firmware::kStatePath};
    return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

}  // namespace

status::Standing FirmwareControl::needed(std::string_view path) const {
    return is_own(path) ? status::Standing::technician : others_.needed(path);
}

std::size_t FirmwareControl::body_bytes_max(std::string_view path) const {
    return path == firmware::kAddPath ? firmware::kAddBytesMax : others_.body_bytes_max(path);
}

asio::awaitable<Response> FirmwareControl::answer(std::string path, std::string body) {
    if (!is_own(path)) co_return co_await others_.answer(std::move(path), std::move(body));
    if (desk_ == nullptr) co_return without_keys();
    if (path == firmware::kAddPath) co_return co_await add(std::move(body));
    if (path == firmware::kRolloutPath) co_return co_await roll_out(std::move(body));
    if (path == firmware::kAbortPath) co_return co_await abort(std::move(body));
    co_return done(status::to_json(desk_->report()));
}

asio::awaitable<Response> FirmwareControl::add(std::string body) {
    auto request = firmware::parse_add_request(std::move(body));
    if (!request) co_return malformed();
    const auto number =
        co_await desk_->add(std::move(request->signed_manifest), std::move(request->image));
    co_return number ? done(firmware::number_to_json(*number)) : conflict(number.error());
}

asio::awaitable<Response> FirmwareControl::roll_out(std::string body) {
    const auto request = firmware::parse_rollout_request(body);
    if (!request) co_return malformed();
    const auto answer = co_await desk_->roll_out(request->number, request->up_to);
    co_return answer ? done("{}") : conflict(answer.error());
}

asio::awaitable<Response> FirmwareControl::abort(std::string body) {
    const auto number = firmware::parse_number(body);
    if (!number) co_return malformed();
    const auto answer = co_await desk_->abort(*number);
    co_return answer ? done("{}") : conflict(answer.error());
}

}  // namespace gateway
