#pragma once
#include <cstdint>
#include <string>

namespace gateway::runtime {

// Tells that a file was written or replaced since it was last asked about. Looks at the status of
// the file alone: may be called on the reactor.
class FileChange {
  public:
    FileChange() = default;  // of no file: never
    explicit FileChange(std::string file);

    bool happened();

  private:
    struct Look {
        std::int64_t seconds = 0;
        std::int64_t nanoseconds = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        bool operator==(const Look&) const = default;
    };
    Look look() const;

    std::string file_;
    Look last_;
};

}  // namespace gateway::runtime
