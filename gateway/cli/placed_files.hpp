#pragma once
#include "gateway/model/result.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::cli {

// Files that belong together, each whole and on the disk or not there: what is not kept in the end
// is removed again with the object, and what was replaced is put back. Blocks.
class PlacedFiles {
  public:
    // Who may read what others may not. `group` only where this process is root's: it gives the
    // files to that group; nothing: they stay with this process's user alone.
    explicit PlacedFiles(std::optional<gid_t> group) : group_(group) {}
    ~PlacedFiles();
    PlacedFiles(const PlacedFiles&) = delete;
    PlacedFiles& operator=(const PlacedFiles&) = delete;

    enum class Reader {
        everybody,  // 0644
        group       // 0640 with a group, otherwise 0600
    };

    // With those above it that are missing, for the group to look into (0750).
    model::Result<void> make_directory(const std::string& directory);

    // A new file; an error if something has its name.
    model::Result<void> add(const std::string& path, std::string_view content, Reader reader);

    // Puts a file (0640) in place of the one that is there, which is kept beside it under the name
    // that is answered: ".bak", or ".bak-2" … where that one is taken. Empty: none was there.
    // A symbolic link stays, and what it leads to is replaced.
    model::Result<std::string> replace(const std::string& path, std::string_view content);

    void keep() { is_kept_ = true; }

  private:
    model::Result<void> write(const std::string& path, std::string_view content, mode_t mode);

    std::optional<gid_t> group_;
    std::vector<std::string> made_;   // files and directories, in the order of making
    std::string replaced_, kept_as_;  // a file and the name of what it was
    bool is_kept_ = false;
};

// Whom the gateway's files are for, as root makes them: its group, or else that of the directory
// they lie in. Nothing for another user, and where there is neither.
std::optional<gid_t> group_of_service(const std::string& directory);

}  // namespace gateway::cli
