#include "drivers/mqtt_listener/tls_server.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
namespace model = gateway::model;
using boost::system::error_code;
using gateway::runtime::DeviceKeys;

namespace {

// TLS 1.3 ties a pre-shared key to a hash, SHA-256 unless something else was agreed on. Beside a
// certificate OpenSSL would choose SHA-384 for who offers it, and then find no key that fits.
constexpr const char* kSuitesForKeys =
    "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384";

// TLS 1.2: a device that has a key is asked for it, also where there is a certificate besides.
// What follows is OpenSSL's own choice.
constexpr const char* kKeysFirst = "kECDHEPSK:kDHEPSK:kPSK:ALL:!COMPLEMENTOFDEFAULT:!eNULL";

// A pre-shared key of TLS 1.3 looks like a session to OpenSSL, and one without a context fails
// where certificates are verified too.
constexpr std::string_view kSessionContext = "mqtt-listener";

// What a connection's SSL object finds its listener's keys by.
int keys_index() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

// Where a connection's SSL object has the proof of its channel.
int proof_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

// The pre-shared key that a device was last asked for. OpenSSL remembers the identity in TLS 1.2
// only; of several that a device offers the last one that was asked for is the one that was taken.
struct KeyProof {
    std::string identity;
    std::uint32_t version = 0;
};

// Called by OpenSSL for TLS 1.2, and for TLS 1.3 where no session is found: writes the key of an
// identity and answers its size, 0 for nobody's.
unsigned find_key(SSL* ssl, const char* identity, unsigned char* room, unsigned size) noexcept {
    const auto* keys =
        static_cast<const DeviceKeys*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), keys_index()));
    auto* proof = static_cast<KeyProof*>(SSL_get_ex_data(ssl, proof_index()));
    if (keys == nullptr || proof == nullptr || identity == nullptr) return 0;
    const auto* key = keys->find(identity);
    if (key == nullptr || key->bytes.size() > size) return 0;
    std::copy(key->bytes.begin(), key->bytes.end(), room);
    *proof = {identity, key->version};
    return static_cast<unsigned>(key->bytes.size());
}

// Whether the connection is protected by a pre-shared key. In TLS 1.3 one counts as a session that
// is used again, and there are no others: tickets and the cache are off.
bool is_by_key(SSL* ssl) {
    if (SSL_version(ssl) < TLS1_3_VERSION) return SSL_get_psk_identity(ssl) != nullptr;
    return SSL_session_reused(ssl) != 0;
}

std::string common_name(X509* certificate) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    const int position = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (position < 0) return {};
    const auto* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, position));
    return {
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
        static_cast<std::size_t>(ASN1_STRING_length(value))};
}

std::string first_dns_name(X509* certificate) {
    auto* names = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)
    );
    std::string found;
    for (int i = 0; names != nullptr && found.empty() && i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS) continue;
        found.assign(
            reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
            static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName))
        );
    }
    GENERAL_NAMES_free(names);
    return found;
}

// The name a verified certificate gives its owner: the common name, where there is none the first
// DNS name. One with a zero byte inside, or otherwise not fit for a device, is nobody's.
std::string name_in(X509* certificate) {
    std::string name = common_name(certificate);
    if (name.empty()) name = first_dns_name(certificate);
    return gateway::runtime::is_device_name(name) ? name : std::string{};
}

struct CrlRelease {
    void operator()(X509_CRL* list) const noexcept { X509_CRL_free(list); }
};
using Revocations = std::unique_ptr<X509_CRL, CrlRelease>;

model::Result<Revocations> read_revocations(const std::string& file) {
    std::unique_ptr<BIO, decltype(&BIO_free)> input(BIO_new_file(file.c_str(), "rb"), BIO_free);
    Revocations list;
    if (input) list.reset(PEM_read_bio_X509_CRL(input.get(), nullptr, nullptr, nullptr));
    if (list) return list;
    return error_code(static_cast<int>(ERR_get_error()), asio::error::get_ssl_category());
}

}  // namespace

struct TlsServer::Context {
    // Whatever the list's own dates say: an old list is better than none, and a box may not know
    // the date.
    bool is_revoked(X509* certificate) const {
        X509_REVOKED* entry = nullptr;
        return revocations && X509_CRL_get0_by_cert(revocations.get(), &entry, certificate) == 1;
    }

    asio::ssl::context context{asio::ssl::context::tls_server};
    DeviceKeys keys;
    std::string crl_file;  // empty: no certificate is revoked
    Revocations revocations;
};

class TlsServer::Channel final : public ByteChannel {
  public:
    Channel(asio::ip::tcp::socket socket, Context& context)
        : context_(context), stream_(std::move(socket), context.context) {
        SSL_set_ex_data(stream_.native_handle(), proof_index(), &proof_);
    }

    asio::awaitable<error_code> open() override {
        error_code failure;
        co_await stream_.async_handshake(
            asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, failure)
        );
        is_open_ = !failure;
        co_return failure;
    }

    asio::awaitable<std::size_t> read_some(asio::mutable_buffer room, error_code& failure)
        override {
        co_return co_await stream_.async_read_some(
            room, asio::redirect_error(asio::use_awaitable, failure)
        );
    }

    asio::awaitable<error_code> write(asio::const_buffer bytes) override {
        error_code failure;
        static_cast<void>(co_await asio::async_write(
            stream_, bytes, asio::redirect_error(asio::use_awaitable, failure)
        ));
        co_return failure;
    }

    // Without TLS's own farewell: MQTT's packets are whole or not, a cut one is never taken.
    void shut() override {
        error_code ignored;
        stream_.lowest_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        stream_.lowest_layer().close(ignored);
    }

    std::string identity() const override {
        if (!is_open_ || !is_proof_valid()) return {};
        if (is_by_key(ssl()))
            return gateway::runtime::is_device_name(proof_.identity) ? proof_.identity
                                                                     : std::string{};
        X509* certificate = SSL_get0_peer_certificate(ssl());
        if (certificate == nullptr || SSL_get_verify_result(ssl()) != X509_V_OK) return {};
        return name_in(certificate);
    }

    bool is_proof_valid() const override {
        if (!is_open_) return true;
        if (is_by_key(ssl())) return context_.keys.holds(proof_.identity, proof_.version);
        X509* certificate = SSL_get0_peer_certificate(ssl());
        return certificate == nullptr || !context_.is_revoked(certificate);
    }

  private:
    SSL* ssl() const { return const_cast<Channel*>(this)->stream_.native_handle(); }

    Context& context_;
    KeyProof proof_;
    asio::ssl::stream<asio::ip::tcp::socket> stream_;
    bool is_open_ = false;
};

TlsServer::TlsServer(Options options) : context_(std::make_unique<Context>()) {
    if (options.keys) context_->keys = std::move(*options.keys);
    context_->crl_file = options.files.crl_file;
    if (const auto read = renew_revocations(); !read)
        throw boost::system::system_error(read.error());
    auto& context = context_->context;
    SSL_CTX* native = context.native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    // Each connection's buffers go back while it is silent: 34 KB for a device that reports hourly.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    // A ticket would let a device skip the proof that its certificate is still accepted. TLS 1.3
    // sends some all the same; a device that leaves without having read them resets the connection,
    // and its last message may be lost.
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_num_tickets(native, 0);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    if (!options.files.certificate_file.empty()) {
        context.use_certificate_chain_file(options.files.certificate_file);
        context.use_private_key_file(options.files.key_file, asio::ssl::context::pem);
    }
    if (!options.files.ca_file.empty()) {
        context.load_verify_file(options.files.ca_file);
        context.set_verify_mode(
            options.needs_certificate
                ? asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert
                : asio::ssl::verify_peer
        );
    }
    if (options.keys) {
        SSL_CTX_set_ex_data(native, keys_index(), &context_->keys);
        SSL_CTX_set_psk_server_callback(native, find_key);
        SSL_CTX_set_ciphersuites(native, kSuitesForKeys);
        SSL_CTX_set_cipher_list(native, kKeysFirst);
        SSL_CTX_set_session_id_context(
            native,
            reinterpret_cast<const unsigned char*>(kSessionContext.data()),
            static_cast<unsigned>(kSessionContext.size())
        );
    }
}

TlsServer::~TlsServer() = default;

void TlsServer::renew_keys(const DeviceKeys& keys) {
    context_->keys.replace(keys);
}

model::Result<void> TlsServer::renew_revocations() {
    if (context_->crl_file.empty()) return {};
    auto read = read_revocations(context_->crl_file);
    if (!read) return read.error();
    context_->revocations = std::move(*read);
    return {};
}

std::unique_ptr<ByteChannel> TlsServer::channel(asio::ip::tcp::socket socket) {
    return std::make_unique<Channel>(std::move(socket), *context_);
}

}  // namespace drivers::mqtt_listener
