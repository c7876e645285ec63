#pragma once
// The named bounds of a listener. README.md says what lies beyond each of them.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace drivers::mqtt_listener {

// From the connection to the end of a valid CONNECT, TLS handshake included.
inline constexpr std::chrono::seconds kIntroductionMax{10};
// Connections that have not introduced themselves yet; beyond it the longest waiting is cut.
inline constexpr std::size_t kIntroductionsMax = 512;
inline constexpr std::size_t kIntroductionsPerAddressMax = 256;

// PUBLISHes of one connection that are not answered yet; announced as Receive Maximum.
inline constexpr std::uint16_t kPublishesPendingMax = 128;
inline constexpr std::uint16_t kTopicAliasesMax = 32;  // announced as Topic Alias Maximum
inline constexpr std::size_t kClientIdentifierBytesMax = 256;
inline constexpr std::size_t kSubscriptionsMax = 16;  // of one connection
// A topic or a filter; MQTT allows 64 KiB, of which a connection could keep dozens.
inline constexpr std::size_t kTopicBytesMax = 512;

// Answers that a connection has not taken yet; beyond it nothing more is read from it.
inline constexpr std::size_t kOutgoingBytesMax = 64 * 1024;
// A connection that takes nothing for so long is cut.
inline constexpr std::chrono::seconds kWriteStallMax{30};

// A session outlives its connection by so long at most. 0xFFFFFFFF would mean for ever.
inline constexpr std::uint32_t kSessionExpirySecondsMax = 30 * 24 * 3600;
inline constexpr std::size_t kSessionEndsMax = 10'000;  // remembered at a time
// Lasting sessions of one identity: one device must not fill the table of all.
inline constexpr std::size_t kSessionsPerIdentityMax = 16;
// A device that asks for no keep-alive, or a longer one, in MQTT 5 gets this one.
inline constexpr std::chrono::seconds kKeepAliveMax{3600};
// How long a new connection waits for its predecessor's frames to be answered.
inline constexpr std::chrono::seconds kTakeOverMax{20};
// How long a stop waits for what is in progress.
inline constexpr std::chrono::seconds kStopMax{5};

inline constexpr std::size_t kReceiveBytesFirst = 2048;  // grows with what arrives
// What the connections of a listener hold together, beyond the first bytes of each, while their
// packets are not whole: four of the largest packets that a source can allow.
inline constexpr std::size_t kReceiveBytesMax = 64 * 1024 * 1024;

}  // namespace drivers::mqtt_listener
