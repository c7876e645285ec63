#pragma once
#include <cstdint>

namespace tests::support {

// A TCP port of 127.0.0.1 that nobody listens on at the moment; for servers that cannot choose
// their own.
std::uint16_t free_port();

// True when somebody takes connections on the port of 127.0.0.1.
bool is_listening(std::uint16_t port);

}  // namespace tests::support
