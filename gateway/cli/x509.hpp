#pragma once
#include "gateway/model/result.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

namespace gateway::cli::x509 {

// Certificates of devices (RFC 5280) as PEM texts, with keys of P-256; pure but for the system's
// clock and its random numbers. Errors are OpenSSL's.

// Characters of a common name (RFC 5280, ub-common-name).
inline constexpr std::size_t kNameMax = 64;

struct Pair {
    std::string certificate;
    std::string key;
};

// One that signs itself, and others.
model::Result<Pair> make_authority(const std::string& name, std::chrono::days lifetime);

// One of a server that signs itself, for the names and numeric addresses by which it is reached.
model::Result<Pair> make_server(std::span<const std::string> hosts, std::chrono::days lifetime);

struct Issued {
    Pair pair;
    std::string serial;  // hexadecimal
};
// One of a client of this common name.
model::Result<Issued> issue(
    const Pair& authority, const std::string& name, std::chrono::days lifetime
);

// A list of what holds no more: what was in the former list, if there is one, and these serials.
inline constexpr std::size_t kRevocationListMax = 4U << 20;
model::Result<std::string> revocation_list(
    const Pair& authority, const std::string& former, std::span<const std::string> serials
);

}  // namespace gateway::cli::x509
