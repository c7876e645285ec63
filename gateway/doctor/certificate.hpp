#pragma once
#include "gateway/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::doctor {

// What a certificate (X.509) says, for people.
struct Certificate {
    std::string subject;  // its common name, or all of its name where it has none
    std::string issuer;   // likewise
    std::string names;    // of its subjectAltName, "data.example.org, 192.0.2.7"
    model::Instant not_before{};
    model::Instant not_after{};
};

// So many of a file are read; the authorities of a system are some 150.
inline constexpr std::size_t kCertificatesMax = 1000;

// Every certificate of a text in PEM.
std::vector<Certificate> read_certificates(std::string_view pem);

// Whether the private key in PEM is of the first certificate in PEM. Nothing if one of them cannot
// be read, as with a key that has a passphrase.
std::optional<bool> is_key_of(std::string_view key_pem, std::string_view certificate_pem);

}  // namespace gateway::doctor
