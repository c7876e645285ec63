#pragma once
#include <cstdint>
#include <string>

namespace gateway::buffer {

// Beside the database file.
inline std::string disk_reserve_path(const std::string& database) {
    return database + ".reserve";
}

// Bytes of the disk kept for the store in a file of their own. When something else has filled the
// disk even a deletion fails, since its log has no room; the reserve then makes that room.
class DiskReserve {
  public:
    static constexpr std::uint64_t kReserveBytesMax = 8U << 20;

    DiskReserve(std::string path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}

    // Takes the bytes, if it does not hold them; false when the disk does not have them.
    bool take();
    // Gives them back; false when it held none.
    bool release();
    // Whether the disk has twice as many bytes to give: otherwise what was given back would be
    // taken again from the one that needs it.
    bool has_room() const;

  private:
    std::string path_;
    std::uint64_t bytes_;
};

}  // namespace gateway::buffer
