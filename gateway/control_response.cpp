#include "gateway/control_response.hpp"

#include "gateway/language/translate.hpp"

#include <utility>

namespace gateway {

status::Response json_response(unsigned status, std::string body) {
    status::Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

status::Response refuse(const rollout::Refusal& refusal) {
    return json_response(refusal.status, rollout::to_json(refusal));
}

status::Response malformed() {
    constexpr unsigned kBadRequest = 400;
    return refuse({kBadRequest, "malformed", language::tr("This is not a request of this command.")}
    );
}

}  // namespace gateway
