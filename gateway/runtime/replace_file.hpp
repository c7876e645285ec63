#pragma once
#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace gateway::runtime {

// Writes a small file, readable by this user alone, in a directory that exists or can be made:
// after a power cut it has either the old content or the new one. Blocks.
boost::system::error_code replace_file(const std::string& path, std::string_view content);

// The same, but the file keeps its owner and mode: whoever reads it, as the gateway does what root
// writes for it, can read it still. A new one has the owner of its directory, and `mode`.
boost::system::error_code replace_file_for_its_owner(
    const std::string& path, std::string_view content, unsigned mode = 0600
);
// The same for a file of somebody else's that is there: its owner, its group and who may read it
// stay as they are, and so does a symbolic link to it. Blocks.
boost::system::error_code rewrite_file(const std::string& path, std::string_view content);

// Makes names that were made or removed in a directory outlive a power cut.
boost::system::error_code sync_directory(const std::string& directory);

}  // namespace gateway::runtime
