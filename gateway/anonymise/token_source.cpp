#include "gateway/anonymise/token_source.hpp"

#include <sodium.h>

namespace gateway::anonymise {

std::string make_token() {
    Pseudonymiser::Fingerprint bytes;
    randombytes_buf(bytes.data(), bytes.size());
    return spell(bytes);
}

// An epoch's key has two numbers behind the dataset's name (epoch.hpp).
std::string token_key_name(std::string_view dataset) {
    return std::string(dataset).append(".tokens");
}

}  // namespace gateway::anonymise
