#include "gateway/cli/x509.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace gateway::cli::x509 {
namespace {

template <auto release>
struct Release {
    template <class Object>
    void operator()(Object* object) const noexcept {
        release(object);
    }
};
using Certificate = std::unique_ptr<X509, Release<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using List = std::unique_ptr<X509_CRL, Release<X509_CRL_free>>;
using Entry = std::unique_ptr<X509_REVOKED, Release<X509_REVOKED_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Time = std::unique_ptr<ASN1_TIME, Release<ASN1_TIME_free>>;
using Serial = std::unique_ptr<ASN1_INTEGER, Release<ASN1_INTEGER_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Memory = std::unique_ptr<BIO, Release<BIO_free>>;

constexpr std::chrono::days kListLifetime{10 * 365};
constexpr std::chrono::days kBackdated{1};  // a device's clock may be behind

boost::system::error_code failure() {
    ERR_clear_error();
    return make_error_code(boost::system::errc::protocol_error);
}

Memory memory_with(const std::string& text) {
    return Memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

template <class Write>
std::string written(Write write) {
    const Memory memory{BIO_new(BIO_s_mem())};
    if (!memory || write(memory.get()) != 1) return {};
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    return written([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
    return written([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
}

std::string pem_of(X509_CRL* list) {
    return written([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list); });
}

Time time_in(std::chrono::days days) {
    return Time{X509_time_adj_ex(nullptr, static_cast<int>(days.count()), 0, nullptr)};
}

// 127 random bits: positive, and nobody's guess.
bool set_serial(X509* certificate) {
    constexpr int kBits = 127;
    const Number number{BN_new()};
    return number && BN_rand(number.get(), kBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

std::string serial_of(X509* certificate) {
    const Number number{ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr)};
    char* text = BN_bn2hex(number.get());
    std::string serial = text;
    OPENSSL_free(text);
    return serial;
}

bool add_name(X509_NAME* subject, const std::string& name) {
    return X509_NAME_add_entry_by_txt(
               subject,
               "CN",
               MBSTRING_UTF8,
               reinterpret_cast<const unsigned char*>(name.data()),
               static_cast<int>(name.size()),
               -1,
               0
           ) == 1;
}

bool add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value)};
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

// Everything but the issuer's part.
Certificate begin(const std::string& name, EVP_PKEY* key, std::chrono::days lifetime) {
    constexpr long kVersion3 = 2;
    Certificate made{X509_new()};
    const auto from = time_in(-kBackdated);
    const auto until = time_in(lifetime);
    const bool is_whole =
        made && from && until && X509_set_version(made.get(), kVersion3) == 1 &&
        set_serial(made.get()) && X509_set1_notBefore(made.get(), from.get()) == 1 &&
        X509_set1_notAfter(made.get(), until.get()) == 1 &&
        add_name(X509_get_subject_name(made.get()), name) && X509_set_pubkey(made.get(), key) == 1;
    if (!is_whole) made.reset();
    return made;
}

struct Authority {
    Certificate certificate;
    Key key;
};

model::Result<Authority> read(const Pair& pair) {
    Authority authority{
        Certificate{
            PEM_read_bio_X509(memory_with(pair.certificate).get(), nullptr, nullptr, nullptr)},
        Key{PEM_read_bio_PrivateKey(memory_with(pair.key).get(), nullptr, nullptr, nullptr)}};
    if (!authority.certificate || !authority.key) return failure();
    return authority;
}

bool add_entry(X509_CRL* list, const std::string& serial) {
    BIGNUM* hex = nullptr;
    if (BN_hex2bn(&hex, serial.c_str()) == 0) return false;
    const Number number{hex};
    const Serial integer{BN_to_ASN1_INTEGER(number.get(), nullptr)};
    const auto now = time_in(std::chrono::days{0});
    Entry entry{X509_REVOKED_new()};
    const bool is_whole = integer && now && entry &&
                          X509_REVOKED_set_serialNumber(entry.get(), integer.get()) == 1 &&
                          X509_REVOKED_set_revocationDate(entry.get(), now.get()) == 1 &&
                          X509_CRL_add0_revoked(list, entry.get()) == 1;
    if (is_whole) static_cast<void>(entry.release());  // the list's now
    return is_whole;
}

bool add_former(X509_CRL* list, const std::string& former) {
    if (former.empty()) return true;
    const List old{PEM_read_bio_X509_CRL(memory_with(former).get(), nullptr, nullptr, nullptr)};
    if (!old) return false;
    auto* entries = X509_CRL_get_REVOKED(old.get());
    for (int i = 0; i < sk_X509_REVOKED_num(entries); ++i) {
        Entry entry{X509_REVOKED_dup(sk_X509_REVOKED_value(entries, i))};
        if (!entry || X509_CRL_add0_revoked(list, entry.get()) != 1) return false;
        static_cast<void>(entry.release());
    }
    return true;
}

// "DNS:passerelle.local,IP:192.0.2.7"
std::string alternative_names(std::span<const std::string> hosts) {
    std::string names;
    for (const std::string& host : hosts) {
        const std::unique_ptr<ASN1_OCTET_STRING, Release<ASN1_OCTET_STRING_free>> address{
            a2i_IPADDRESS(host.c_str())};
        names.append(names.empty() ? "" : ",").append(address ? "IP:" : "DNS:").append(host);
    }
    ERR_clear_error();
    return names;
}

}  // namespace

model::Result<Pair> make_authority(const std::string& name, std::chrono::days lifetime) {
    const Key key{EVP_EC_gen("P-256")};
    const auto made = begin(name, key.get(), lifetime);
    if (!key || !made) return failure();
    X509* self = made.get();
    const bool is_signed =
        X509_set_issuer_name(self, X509_get_subject_name(self)) == 1 &&
        add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(self, self, NID_subject_key_identifier, "hash") &&
        X509_sign(self, key.get(), EVP_sha256()) > 0;
    if (!is_signed) return failure();
    return Pair{pem_of(self), pem_of(key.get())};
}

model::Result<Pair> make_server(std::span<const std::string> hosts, std::chrono::days lifetime) {
    const Key key{EVP_EC_gen("P-256")};
    const auto made = begin(hosts.front().substr(0, kNameMax), key.get(), lifetime);
    if (!key || !made) return failure();
    X509* self = made.get();
    const std::string names = alternative_names(hosts);
    const bool is_signed = X509_set_issuer_name(self, X509_get_subject_name(self)) == 1 &&
                           add_extension(self, self, NID_basic_constraints, "critical,CA:FALSE") &&
                           add_extension(self, self, NID_key_usage, "critical,digitalSignature") &&
                           add_extension(self, self, NID_ext_key_usage, "serverAuth") &&
                           add_extension(self, self, NID_subject_alt_name, names.c_str()) &&
                           add_extension(self, self, NID_subject_key_identifier, "hash") &&
                           X509_sign(self, key.get(), EVP_sha256()) > 0;
    if (!is_signed) return failure();
    return Pair{pem_of(self), pem_of(key.get())};
}

model::Result<Issued> issue(
    const Pair& authority, const std::string& name, std::chrono::days lifetime
) {
    const auto issuer = read(authority);
    if (!issuer) return issuer.error();
    X509* above = issuer->certificate.get();
    const Key key{EVP_EC_gen("P-256")};
    const auto made = begin(name, key.get(), lifetime);
    if (!key || !made) return failure();
    X509* own = made.get();
    const bool is_signed = X509_set_issuer_name(own, X509_get_subject_name(above)) == 1 &&
                           add_extension(own, above, NID_basic_constraints, "critical,CA:FALSE") &&
                           add_extension(own, above, NID_key_usage, "critical,digitalSignature") &&
                           add_extension(own, above, NID_ext_key_usage, "clientAuth") &&
                           add_extension(own, above, NID_subject_key_identifier, "hash") &&
                           add_extension(own, above, NID_authority_key_identifier, "keyid") &&
                           X509_sign(own, issuer->key.get(), EVP_sha256()) > 0;
    if (!is_signed) return failure();
    return Issued{{pem_of(own), pem_of(key.get())}, serial_of(own)};
}

model::Result<std::string> revocation_list(
    const Pair& authority, const std::string& former, std::span<const std::string> serials
) {
    const auto issuer = read(authority);
    if (!issuer) return issuer.error();
    constexpr long kVersion2 = 1;
    const List list{X509_CRL_new()};
    const auto now = time_in(std::chrono::days{0});
    const auto until = time_in(kListLifetime);
    bool is_whole =
        list && now && until && X509_CRL_set_version(list.get(), kVersion2) == 1 &&
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer->certificate.get())) ==
            1 &&
        X509_CRL_set1_lastUpdate(list.get(), now.get()) == 1 &&
        X509_CRL_set1_nextUpdate(list.get(), until.get()) == 1 && add_former(list.get(), former);
    for (const std::string& serial : serials) is_whole = is_whole && add_entry(list.get(), serial);
    is_whole = is_whole && X509_CRL_sort(list.get()) == 1 &&
               X509_CRL_sign(list.get(), issuer->key.get(), EVP_sha256()) > 0;
    if (!is_whole) return failure();
    return pem_of(list.get());
}

}  // namespace gateway::cli::x509
