#pragma once
#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace gateway::runtime {

// Writes a file that is not there yet, readable by this user alone, and syncs it. An error when
// something has its name: a private key is never replaced by accident. Blocks.
boost::system::error_code write_new_file(const std::string& path, std::string_view content);

}  // namespace gateway::runtime
