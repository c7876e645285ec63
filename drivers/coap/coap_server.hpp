#pragma once
#include "drivers/coap/message.hpp"
#include "gateway/model/result.hpp"
#include "gateway/runtime/device_keys.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace drivers::coap {

// The CoAP library on the reactor: endpoints, datagrams, retransmission, DTLS with pre-shared keys.
// It knows messages and nothing of frames. Every member belongs on the reactor's thread.
class CoapServer {
  public:
    static constexpr unsigned kIdleSessionsMax = 512;  // a DTLS session costs some 48 KB
    static constexpr unsigned kHandshakesMax = 64;
    static constexpr unsigned kSessionIdleMax = 300;     // seconds
    static constexpr int kReceiveBufferBytes = 4 << 20;  // a burst of devices, not of packets lost

    // How a request is answered that is not answered at once.
    enum class Later : std::uint8_t {
        separately,              // it is acknowledged empty now, and answered by respond()
        in_the_acknowledgement,  // it is not acknowledged, and answered by acknowledge()
    };
    // Called for each request. An answer goes out at once, in the acknowledgement of a confirmable
    // request. Must not throw.
    using Reaction = std::variant<Answer, Later>;
    using OnRequest = std::function<Reaction(Request request, Ticket ticket)>;

    // `keys` of PSK identities; nothing: there is no DTLS.
    CoapServer(std::optional<gateway::runtime::DeviceKeys> keys, OnRequest on_request);
    ~CoapServer();
    CoapServer(const CoapServer&) = delete;
    CoapServer& operator=(const CoapServer&) = delete;

    // Opens an endpoint at "127.0.0.1:5683" or "[::1]:5684"; port 0 takes a free one.
    gateway::model::Result<void> listen(const std::string& address, bool is_secure);

    // From now on these keys hold: requests under a former one come with has_valid_key = false.
    void renew_keys(const gateway::runtime::DeviceKeys& keys);

    // "127.0.0.1:5683", once for each endpoint, as really bound.
    std::string addresses() const;

    // Reads and answers until it is cancelled.
    boost::asio::awaitable<void> run(boost::asio::any_io_executor reactor);

    // Sends an answer of its own; confirmable if so said.
    void respond(const Ticket& ticket, const Answer& answer, bool is_confirmable);
    // Sends an answer in the acknowledgement of a confirmable request. Soon: the sender repeats
    // itself after two seconds.
    void acknowledge(const Ticket& ticket, const Answer& answer);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace drivers::coap
