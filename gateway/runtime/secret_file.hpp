#pragma once
#include <boost/system/result.hpp>

#include <cstddef>
#include <string>

namespace gateway::runtime {

inline constexpr std::size_t kSecretBytesMax = 4096;

// The content of a secret's file without its trailing newlines, read at the moment it is needed so
// that a renewed secret is taken without a restart. An error when the file cannot be read, is
// empty or is longer than `bytes_max`. Reads a small file: may be called on the reactor.
boost::system::result<std::string> read_secret(
    const std::string& file, std::size_t bytes_max = kSecretBytesMax
);

}  // namespace gateway::runtime
