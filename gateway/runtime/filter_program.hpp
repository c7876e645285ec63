#pragma once
#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::runtime {

inline constexpr std::size_t kFilterOutputBytesMax = 64 * 1024;

// Runs a program, gives it `input` on its standard input and returns what it writes to its standard
// output; its standard error is ours. No secret belongs into `command`: every user of the machine
// sees it. An error when it cannot be started or ends with another status than 0
// (protocol_error), answers with more than kFilterOutputBytesMax (file_too_large), or is not done
// after `limit` (timed_out); it is dead in any case. Blocks: for the start of the gateway.
boost::system::result<std::string> run_filter(
    const std::vector<std::string>& command, std::string_view input, std::chrono::milliseconds limit
);

}  // namespace gateway::runtime
