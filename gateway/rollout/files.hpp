#pragma once
#include "gateway/model/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway::rollout {

// The disk, as the history uses it; tests put one in its place whose power goes. Blocks.
class Files {
  public:
    virtual ~Files() = default;

    // After a power cut the file has either the old content or the new one; once this has answered
    // without an error, the new one.
    virtual model::Result<void> replace(const std::string& path, std::string_view content) = 0;
    virtual model::Result<std::string> read(const std::string& path) const = 0;
    // What cannot be removed stays, and is removed at another time.
    virtual void remove(const std::string& path) = 0;
    // The names of the files in a directory; none if there is no such directory.
    virtual std::vector<std::string> names(const std::string& directory) const = 0;
};

class DiskFiles final : public Files {
  public:
    model::Result<void> replace(const std::string& path, std::string_view content) override;
    model::Result<std::string> read(const std::string& path) const override;
    void remove(const std::string& path) override;
    std::vector<std::string> names(const std::string& directory) const override;
};

}  // namespace gateway::rollout
