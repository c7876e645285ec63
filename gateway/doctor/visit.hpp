#pragma once
#include "gateway/doctor/certificate.hpp"
#include "gateway/doctor/endpoint.hpp"
#include "gateway/doctor/mqtt_greeting.hpp"
#include "gateway/model/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway::doctor {

inline constexpr std::chrono::seconds kVisitTimeMax{10};  // over a mobile network, in a bad hour
inline constexpr std::chrono::seconds kSecondLookMax{4};  // at a certificate that was refused

// What came of connecting to an endpoint as the gateway does.
struct Visit {
    // Where it ended.
    enum class Stage : std::uint8_t {
        preparation,  // files or settings of this box
        name,         // the host has no address
        connection,   // nobody takes it there
        security,     // TLS
        answer,       // it was taken, and then not answered
        done,
    } stage = Stage::done;
    std::string reason;  // in words, where it is not done
    bool is_timed_out = false;
    bool is_refused = false;  // at Stage::connection: nobody listens there
    // At Stage::security, why the certificate was refused: an X509_V_ERR_… of OpenSSL; 0: another
    // reason.
    long verdict = 0;
    // At Stage::security: the other end ended it by an alert of TLS, which is the reason. With
    // TLS 1.3 that comes after the handshake, for a client certificate that is missing or not
    // believed.
    bool is_alert = false;
    bool is_other_name = false;  // the certificate is of another name
    std::optional<Certificate> certificate;
    int http_status = 0;
    Welcome welcome = Welcome::incomplete;
    std::optional<model::Instant> told;  // the time by the server
    model::Instant told_at{};            // and by the system clock
};

// Blocks, for kVisitTimeMax and kSecondLookMax at most. To an HTTP recipient a GET is sent, with
// the credentials of the configuration once its certificate is believed: it changes nothing there.
// To a broker a CONNECT. Batches are not touched.
Visit visit(const Endpoint& endpoint);

}  // namespace gateway::doctor
