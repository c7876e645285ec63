#include "gateway/aggregate/meter_token.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <stdexcept>

namespace gateway::aggregate {

MeterToken token_of(std::string_view device) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    const int done =
        EVP_Digest(device.data(), device.size(), digest.data(), &length, EVP_sha256(), nullptr);
    if (done != 1) throw std::runtime_error("SHA-256 is not available from OpenSSL");
    MeterToken token;
    std::memcpy(token.data(), digest.data(), token.size());
    return token;
}

}  // namespace gateway::aggregate
