#pragma once
#include "drivers/mqtt_listener/byte_channel.hpp"
#include "gateway/model/result.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>

namespace drivers::mqtt_listener {

// The server's side of TLS 1.2 and 1.3 for every connection of a listener: its certificate, the
// authority of the devices' certificates, their pre-shared keys.
class TlsServer {
  public:
    struct Options {
        gateway::settings::Tls files;
        std::optional<gateway::runtime::DeviceKeys> keys;  // of PSK identities; nothing: none asked
        // A device must show a certificate of the authority; otherwise it may.
        bool needs_certificate = false;
    };

    // Reads the files. Throws boost::system::system_error when one of them cannot be used.
    explicit TlsServer(Options options);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    // From now on these keys hold.
    void renew_keys(const gateway::runtime::DeviceKeys& keys);

    // Reads again which certificates are revoked; an error changes nothing.
    gateway::model::Result<void> renew_revocations();

    // The channel refers to this server, which outlives it.
    std::unique_ptr<ByteChannel> channel(boost::asio::ip::tcp::socket socket);

  private:
    struct Context;
    class Channel;
    std::unique_ptr<Context> context_;
};

}  // namespace drivers::mqtt_listener
