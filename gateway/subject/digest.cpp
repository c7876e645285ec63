#include "gateway/subject/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace gateway::subject {

struct Digest::Context {
    EVP_MD_CTX* context = EVP_MD_CTX_new();

    Context() = default;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { EVP_MD_CTX_free(context); }
};

Digest::Digest() : context_(std::make_unique<Context>()) {
    if (EVP_DigestInit_ex(context_->context, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available from OpenSSL");
}

Digest::~Digest() = default;

void Digest::add(std::string_view bytes) {
    EVP_DigestUpdate(context_->context, bytes.data(), bytes.size());
}

std::string Digest::hex() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_->context, digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += kDigits[digest[i] >> 4U];
        text += kDigits[digest[i] & 15U];
    }
    return text;
}

}  // namespace gateway::subject
