#include "gateway/forward/http_uplink.hpp"

#include "gateway/model/message.hpp"

namespace gateway::forward {

namespace {

Delivery::Outcome outcome_of(int status) {
    using enum Delivery::Outcome;
    if (status >= 200 && status < 300) return confirmed;
    switch (status) {
        case 409:  // it has the batch from an earlier attempt
            return confirmed;
        case 413:
            return too_large;
        case 400:
        case 422:
            return rejected;
        case 401:
        case 403:
        case 407:
            return unauthorised;
        default:
            return unavailable;
    }
}

}  // namespace

Delivery delivery_of(const HttpAnswer& answer) {
    Delivery delivery;
    if (answer.credentials_unread) {
        delivery.outcome = Delivery::Outcome::unauthorised;
        delivery.detail = model::translatable("the file of a secret cannot be read");
    } else if (answer.status == 0) {
        delivery.detail = answer.failure;
        delivery.is_clock_suspect = answer.is_untimely;
    } else {
        delivery.outcome = outcome_of(answer.status);
        delivery.retry_after = answer.retry_after;
        delivery.detail = "HTTP " + std::to_string(answer.status);
    }
    return delivery;
}

HttpUplink::HttpUplink(
    const settings::Gateway& gateway,
    const settings::Uplink& uplink,
    const settings::HttpUplink& http
)
    : encoder_(gateway, uplink), client_(http) {}

HttpUplink::~HttpUplink() {
    client_.cancel();
}

Delivery HttpUplink::post(const buffer::Batch& batch) {
    const EncodedBatch encoded = encoder_.encode(batch);
    Delivery delivery = delivery_of(client_.post(encoded));
    delivery.bytes_sent = encoded.body.size();
    return delivery;
}

boost::asio::awaitable<Delivery> HttpUplink::send(std::shared_ptr<const buffer::Batch> batch) {
    auto work = [this, batch = std::move(batch)] { return post(*batch); };
    co_return co_await worker_.run(std::move(work));
}

void HttpUplink::cancel() {
    client_.cancel();
}

}  // namespace gateway::forward
