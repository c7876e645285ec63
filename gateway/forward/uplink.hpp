#pragma once
#include "gateway/buffer/batch.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace gateway::forward {

// What became of one sending of a batch, or why there was none. An Uplink gives no outcome of a
// batch that was not sent.
struct Delivery {
    enum class Outcome {
        confirmed,     // the recipient has it durably (2xx, 409, PUBACK)
        too_large,     // halve it (413)
        rejected,      // its content is refused (400, 422): find the bad reading
        unauthorised,  // 401, 403: pause and alarm, keep everything
        unavailable,   // anything else: the same bytes again, later
        // Nothing was sent:
        keyless,  // the key of the recipient's names cannot be read or made; later again
        unfit,    // a reading cannot be brought under the recipient's contract: find it
    };
    Outcome outcome = Outcome::unavailable;
    std::optional<std::chrono::seconds> retry_after{};
    std::string
        detail{};  // for the log and the status page: "HTTP 503", "connection refused"; no secrets
    bool is_clock_suspect = false;  // a wrong clock here would explain it: TLS failed
    std::uint64_t bytes_sent = 0;   // of the body, whether they arrived or not
};

// One destination. send() may take as long as its time-out; it is called for one batch at a time.
class Uplink {
  public:
    virtual ~Uplink() = default;
    virtual boost::asio::awaitable<Delivery> send(std::shared_ptr<const buffer::Batch> batch) = 0;

    // Makes a send in progress return soon and every later one fail; called when the gateway stops,
    // on the reactor.
    virtual void cancel() = 0;
};

}  // namespace gateway::forward
