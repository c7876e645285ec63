#pragma once
#include <array>
#include <cstddef>
#include <cstring>
#include <string>

namespace gateway::buffer {

// An identity as the vault of tokens knows it: a keyed fingerprint.
using IdentityPrint = std::array<std::byte, 16>;

// The print is uniform already.
struct IdentityPrintHash {
    std::size_t operator()(const IdentityPrint& print) const {
        std::size_t hash = 0;
        std::memcpy(&hash, print.data(), sizeof hash);
        return hash;
    }
};

// A row of the vault; a commit writes new ones.
struct VaultToken {
    std::string dataset;
    IdentityPrint identity{};
    std::string token;
};

}  // namespace gateway::buffer
