#include "drivers/mqtt_listener/introduction.hpp"

#include "drivers/mqtt_listener/bounds.hpp"

#include <boost/asio/use_awaitable.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
namespace codec = gateway::mqtt_codec;
using codec::ReasonCode;

namespace {

// An identifier for a device that brought none (MQTT 5, 3.1.3.1): nobody can guess it.
std::string assigned_identifier() {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, 12> random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        throw std::runtime_error("the system gives no random numbers");
    std::string identifier = "assigned-";
    for (const unsigned char byte : random) {
        identifier += kDigits[byte >> 4U];
        identifier += kDigits[byte & 0xfU];
    }
    return identifier;
}

bool is_plain(std::string_view identifier) {
    return std::none_of(identifier.begin(), identifier.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    });
}

// What the device may know without its proofs: nothing that is expensive, or tells who is known.
std::optional<Refused> fault_of(const codec::Connect& connect, const Hall& hall) {
    if (hall.is_stopping) return Refused{ReasonCode::server_unavailable, Turnaway::busy};
    if (connect.properties.authentication_method)
        return Refused{ReasonCode::bad_authentication_method, Turnaway::unauthenticated};
    const auto identifier = connect.client_identifier;
    if (identifier.size() > kClientIdentifierBytesMax || !is_plain(identifier))
        return Refused{ReasonCode::client_identifier_not_valid, Turnaway::client_id};
    return std::nullopt;
}

// Who a device is, both empty for one that need not say so, and by which account.
struct Identified {
    std::string identity;
    std::string account;
};

std::variant<Refused, Identified> identified(std::string identity, std::string account) {
    return Identified{std::move(identity), std::move(account)};
}

asio::awaitable<std::variant<Refused, Identified>> identify(
    const codec::Connect& connect, std::string proven, Hall& hall
) {
    if (!proven.empty()) co_return identified(std::move(proven), {});
    const bool has_password = connect.user_name && connect.password;
    if (has_password && hall.authenticator) {
        std::string name{*connect.user_name};
        std::string password{*connect.password};
        const auto verdict = co_await hall.authenticator->verify(name, std::move(password));
        if (verdict == Authenticator::Verdict::accepted)
            co_return identified(name, hall.authenticator->hash_of(name));
        if (verdict == Authenticator::Verdict::busy)
            co_return Refused{ReasonCode::server_busy, Turnaway::busy};
        co_return Refused{ReasonCode::bad_user_name_or_password, Turnaway::unauthenticated};
    }
    if (hall.anonymous) co_return Identified{};
    co_return Refused{ReasonCode::not_authorized, Turnaway::unauthenticated};
}

// How long the session is kept: MQTT 3.1.1 knows "with the connection" and "for ever".
void set_expiry(const codec::Connect& connect, Accepted& accepted) {
    const bool for_ever = connect.version == codec::Version::mqtt_3_1_1 && !connect.clean_start;
    const std::uint32_t wanted =
        for_ever ? kSessionExpirySecondsMax : connect.properties.session_expiry_s.value_or(0);
    accepted.device.session_expiry_s = std::min(wanted, kSessionExpirySecondsMax);
    accepted.is_expiry_ours = wanted > kSessionExpirySecondsMax;
}

// A connection that is silent for ever would never be missed; MQTT 3.1.1 cannot be told so.
void set_keep_alive(const codec::Connect& connect, Accepted& accepted) {
    constexpr auto kMax = static_cast<std::uint16_t>(kKeepAliveMax.count());
    const bool too_long = connect.keep_alive_s == 0 || connect.keep_alive_s > kMax;
    accepted.is_keep_alive_ours = too_long && connect.version == codec::Version::mqtt_5;
    accepted.keep_alive_s = accepted.is_keep_alive_ours ? kMax : connect.keep_alive_s;
}

}  // namespace

asio::awaitable<std::variant<Refused, Accepted>> judge(
    const codec::Connect& connect, std::string proven, Hall& hall
) {
    if (const auto fault = fault_of(connect, hall)) co_return *fault;
    auto found = co_await identify(connect, std::move(proven), hall);
    if (const auto* refused = std::get_if<Refused>(&found)) co_return *refused;
    auto& who = std::get<Identified>(found);
    Accepted accepted;
    accepted.device.version = connect.version;
    accepted.device.client = connect.client_identifier;
    accepted.device.identity = std::move(who.identity);
    accepted.device.account = std::move(who.account);
    accepted.clean_start = connect.clean_start;
    accepted.has_assigned_identifier = connect.client_identifier.empty();
    if (accepted.has_assigned_identifier) accepted.device.client = assigned_identifier();
    const auto& properties = connect.properties;
    accepted.device.wants_reasons = properties.request_problem_information.value_or(true);
    if (properties.maximum_packet_size)
        accepted.device.packet_bytes_max = *properties.maximum_packet_size;
    set_expiry(connect, accepted);
    set_keep_alive(connect, accepted);
    co_return accepted;
}

codec::Connack connack_of(const Accepted& accepted, bool session_present, const Hall& hall) {
    codec::Connack connack;
    connack.session_present = session_present;
    auto& properties = connack.properties;
    if (accepted.is_expiry_ours) properties.session_expiry_s = accepted.device.session_expiry_s;
    properties.receive_maximum = kPublishesPendingMax;
    properties.maximum_packet_size = static_cast<std::uint32_t>(packet_bytes_max(hall));
    if (accepted.has_assigned_identifier)
        properties.assigned_client_identifier = accepted.device.client;
    properties.topic_alias_maximum = kTopicAliasesMax;
    properties.subscription_identifiers_available = false;
    properties.shared_subscription_available = false;
    if (accepted.is_keep_alive_ours) properties.server_keep_alive_s = accepted.keep_alive_s;
    return connack;
}

}  // namespace drivers::mqtt_listener
