#include "tests/component/drivers/wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace tests::drivers {

namespace {

constexpr int kHandshakeMaxMs = 10'000;

class Socket {
  public:
    explicit Socket(std::uint16_t port)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            ::close(descriptor_);
            throw std::runtime_error("nobody listens there");
        }
    }
    ~Socket() { ::close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int descriptor() const { return descriptor_; }

    bool is_readable(int limit_ms) const {
        pollfd waiting{descriptor_, POLLIN, 0};
        return ::poll(&waiting, 1, limit_ms) > 0;
    }

  private:
    int descriptor_;
};

class PlainWire final : public Wire {
  public:
    explicit PlainWire(std::uint16_t port) : socket_(port) {}

    void write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const auto sent =
                ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    std::string read(int limit_ms) override {
        if (!socket_.is_readable(limit_ms)) return {};
        std::array<char, 4096> room{};
        const auto size = ::recv(socket_.descriptor(), room.data(), room.size(), 0);
        has_ended_ = size <= 0;
        return has_ended_ ? std::string{}
                          : std::string(room.data(), static_cast<std::size_t>(size));
    }

    bool has_ended() const override { return has_ended_; }

  private:
    Socket socket_;
    bool has_ended_ = false;
};

template <class T, void (*Free)(T*)>
struct Freeing {
    void operator()(T* object) const { Free(object); }
};
using Context = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX, SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freeing<SSL, SSL_free>>;

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

class TlsWire final : public Wire {
  public:
    TlsWire(std::uint16_t port, const TlsDevice& device)
        : device_(device), socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
        prepare();
        session_.reset(SSL_new(context_.get()));
        SSL_set_app_data(session_.get(), &device_);
        SSL_set_fd(session_.get(), socket_.descriptor());
        timeval limit{kHandshakeMaxMs / 1000, 0};
        ::setsockopt(socket_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ERR_clear_error();
        if (SSL_connect(session_.get()) != 1) throw failure();
    }

    void write(std::string_view bytes) override {
        ERR_clear_error();
        if (!bytes.empty()) SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
    }

    std::string read(int limit_ms) override {
        if (SSL_pending(session_.get()) == 0 && !socket_.is_readable(limit_ms)) return {};
        std::array<char, 4096> room{};
        ERR_clear_error();
        const int size = SSL_read(session_.get(), room.data(), static_cast<int>(room.size()));
        has_ended_ = size <= 0;
        return has_ended_ ? std::string{}
                          : std::string(room.data(), static_cast<std::size_t>(size));
    }

    bool has_ended() const override { return has_ended_; }

  private:
    void prepare() {
        SSL_CTX* context = context_.get();
        SSL_CTX_set_security_level(context, 0);  // it may offer what the gateway must refuse
        SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(context, device_.version_min);
        SSL_CTX_set_max_proto_version(context, device_.version_max);
        if (!device_.certificate_file.empty()) {
            const char* file = device_.certificate_file.c_str();
            require(
                SSL_CTX_use_certificate_chain_file(context, file) == 1, "no device certificate"
            );
            const char* key = device_.key_file.c_str();
            require(
                SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1, "no device key"
            );
        }
        if (!device_.authority_file.empty()) {
            const char* file = device_.authority_file.c_str();
            require(SSL_CTX_load_verify_locations(context, file, nullptr) == 1, "no authority");
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        }
        if (!device_.psk_identity.empty()) SSL_CTX_set_psk_client_callback(context, give_key);
    }

    static unsigned give_key(
        SSL* session,
        const char* /*hint*/,
        char* identity,
        unsigned identity_room,
        unsigned char* key,
        unsigned key_room
    ) {
        const auto& device = *static_cast<const TlsDevice*>(SSL_get_app_data(session));
        if (device.psk_identity.size() >= identity_room || device.psk.size() > key_room) return 0;
        std::memcpy(identity, device.psk_identity.c_str(), device.psk_identity.size() + 1);
        std::memcpy(key, device.psk.data(), device.psk.size());
        return static_cast<unsigned>(device.psk.size());
    }

    static TlsFailure failure() {
        const unsigned long error = ERR_get_error();
        return {error == 0 ? 0 : ERR_GET_REASON(error), ERR_error_string(error, nullptr)};
    }

    const TlsDevice device_;
    Socket socket_;
    Context context_;
    Session session_;
    bool has_ended_ = false;
};

}  // namespace

std::unique_ptr<Wire> plain_wire(std::uint16_t port) {
    return std::make_unique<PlainWire>(port);
}

std::unique_ptr<Wire> tls_wire(std::uint16_t port, const TlsDevice& device) {
    return std::make_unique<TlsWire>(port, device);
}

}  // namespace tests::drivers
