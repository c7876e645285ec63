#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace tests::drivers {

// A device's end of a TCP connection to a port of 127.0.0.1.
class Wire {
  public:
    virtual ~Wire() = default;

    // Blocks until all of it is on its way; what a connection that has ended no longer takes is
    // dropped.
    virtual void write(std::string_view bytes) = 0;

    // What has come, at least a byte; empty when the connection has ended, or nothing comes within
    // the limit.
    virtual std::string read(int limit_ms) = 0;

    // Whether the last read() found the end of the connection.
    virtual bool has_ended() const = 0;
};

// Throws std::runtime_error when nobody listens there.
std::unique_ptr<Wire> plain_wire(std::uint16_t port);

struct TlsDevice {
    int version_min = 0;  // TLS1_2_VERSION …; 0: what OpenSSL offers
    int version_max = 0;
    std::string certificate_file;  // none: the device shows none
    std::string key_file;
    std::string psk_identity;  // none: no pre-shared key
    std::string psk;
    std::string authority_file;  // whose certificate the gateway must show; none: any
};

// TLS over it. Throws TlsFailure when the handshake fails. In TLS 1.3 a server's judgement of the
// device's certificate comes later, as the end of the connection.
std::unique_ptr<Wire> tls_wire(std::uint16_t port, const TlsDevice& device);

struct TlsFailure {
    int reason = 0;  // SSL_R_…; 0 when the connection just ended
    std::string text;
};

}  // namespace tests::drivers
