#include "gateway/anonymise/name_prints.hpp"

#include <sodium.h>

namespace gateway::anonymise {

NamePrints::NamePrints() {
    randombytes_buf(key_.data(), key_.size());
}

NamePrints::Print NamePrints::of(std::string_view name) const {
    static_assert(sizeof key_ == crypto_shorthash_siphashx24_KEYBYTES);
    static_assert(sizeof(Print) == crypto_shorthash_siphashx24_BYTES);
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
    Print print;
    auto* into = reinterpret_cast<unsigned char*>(print.data());
    crypto_shorthash_siphashx24(into, bytes, name.size(), key_.data());
    return print;
}

}  // namespace gateway::anonymise
