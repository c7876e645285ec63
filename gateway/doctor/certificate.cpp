#include "gateway/doctor/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>

namespace gateway::doctor {
namespace {

template <auto free>
struct Free {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Pem = std::unique_ptr<X509, Free<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

constexpr std::size_t kNamesShownMax = 8;

// A key with a passphrase is not asked for it.
int no_passphrase(char* /*room*/, int /*size*/, int /*writing*/, void* /*context*/) {
    return -1;
}

Bio reader(std::string_view pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

Pem next(BIO* bio) {
    Pem certificate(PEM_read_bio_X509(bio, nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    return certificate;
}

std::string printable(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' '
    );
    return text;
}

std::string name_of(const X509_NAME* name) {
    std::array<char, 256> room{};
    const int size =
        X509_NAME_get_text_by_NID(name, NID_commonName, room.data(), static_cast<int>(room.size()));
    if (size > 0) return printable(std::string(room.data(), static_cast<std::size_t>(size)));
    X509_NAME_oneline(name, room.data(), static_cast<int>(room.size()));
    return printable(room.data());
}

std::string text_of(const GENERAL_NAME& name) {
    if (name.type == GEN_DNS) {
        const auto* text = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name.d.dNSName));
        return {text, static_cast<std::size_t>(ASN1_STRING_length(name.d.dNSName))};
    }
    if (name.type != GEN_IPADD) return {};
    std::array<char, INET6_ADDRSTRLEN> room{};
    const int family = ASN1_STRING_length(name.d.iPAddress) == 4 ? AF_INET : AF_INET6;
    const auto* bytes = ASN1_STRING_get0_data(name.d.iPAddress);
    ::inet_ntop(family, bytes, room.data(), static_cast<socklen_t>(room.size()));
    return room.data();
}

std::string alternative_names(const X509* certificate) {
    const Names names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)
    ));
    std::string text;
    const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < count && static_cast<std::size_t>(i) < kNamesShownMax; ++i) {
        const auto name = printable(text_of(*sk_GENERAL_NAME_value(names.get(), i)));
        if (!name.empty()) text.append(text.empty() ? "" : ", ").append(name);
    }
    return text;
}

model::Instant instant(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
    return model::Instant{std::chrono::seconds{::timegm(&parts)}};
}

Certificate read(const X509* certificate) {
    return {
        name_of(X509_get_subject_name(certificate)),
        name_of(X509_get_issuer_name(certificate)),
        alternative_names(certificate),
        instant(X509_get0_notBefore(certificate)),
        instant(X509_get0_notAfter(certificate))};
}

}  // namespace

std::vector<Certificate> read_certificates(std::string_view pem) {
    std::vector<Certificate> found;
    const Bio bio = reader(pem);
    while (found.size() < kCertificatesMax) {
        const Pem certificate = next(bio.get());
        if (!certificate) break;
        found.push_back(read(certificate.get()));
    }
    return found;
}

std::optional<bool> is_key_of(std::string_view key_pem, std::string_view certificate_pem) {
    const Bio key_bio = reader(key_pem);
    const Bio certificate_bio = reader(certificate_pem);
    const PrivateKey key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, no_passphrase, nullptr));
    const Pem certificate = next(certificate_bio.get());
    if (!key || !certificate) {
        ERR_clear_error();
        return std::nullopt;
    }
    const bool is_its_own = X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return is_its_own;
}

}  // namespace gateway::doctor
