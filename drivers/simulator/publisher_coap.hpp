#pragma once
#include "drivers/simulator/publisher.hpp"

#include <memory>
#include <string>

namespace drivers::simulator {

struct CoapTarget {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5683;
    std::string identity;  // PSK identity; empty: plain UDP
    std::string key;
    std::uint16_t content_format = 50;  // RFC 7252, 12.3
};

// POSTs confirmable requests to a CoAP server, from several sessions as if from several devices,
// one request of each under way; a message counts as acknowledged with its 2.xx. The library
// repeats datagrams; a message without an answer, or with a 5.xx, is sent again.
class CoapPublisher final : public Publisher {
  public:
    static constexpr std::size_t kSessionsMax = 32;

    explicit CoapPublisher(CoapTarget target);
    ~CoapPublisher() override;

    // Over DTLS, performs a first handshake; over UDP there is nothing to connect.
    std::string connect() override;

    // `topic` is the path without a leading slash; the payload has to fit one datagram.
    void publish(const std::string& topic, const std::string& payload) override;
    void run_for(std::chrono::milliseconds time) override;
    bool drain(std::chrono::milliseconds limit) override;
    PublishCounts counts() const override;

  private:
    struct Client;
    std::unique_ptr<Client> client_;
};

}  // namespace drivers::simulator
