#pragma once
#include "gateway/forward/batch_encoder.hpp"
#include "gateway/forward/http_client.hpp"
#include "gateway/forward/uplink.hpp"
#include "gateway/runtime/worker_thread.hpp"

namespace gateway::forward {

// Posts batches to the city's data platform, or to any receiver of the batch contract. Encodes and
// sends on a thread of its own.
class HttpUplink final : public Uplink {
  public:
    HttpUplink(
        const settings::Gateway& gateway,
        const settings::Uplink& uplink,
        const settings::HttpUplink& http
    );
    ~HttpUplink() override;
    HttpUplink(const HttpUplink&) = delete;
    HttpUplink& operator=(const HttpUplink&) = delete;

    boost::asio::awaitable<Delivery> send(std::shared_ptr<const buffer::Batch> batch) override;
    void cancel() override;

  private:
    Delivery post(const buffer::Batch& batch);

    BatchEncoder encoder_;
    HttpClient client_;
    runtime::WorkerThread worker_{"uplink-http"};
};

// What the batch contract makes of an answer.
Delivery delivery_of(const HttpAnswer& answer);

}  // namespace gateway::forward
