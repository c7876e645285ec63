#include "gateway/doctor/running_gateway.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace gateway::doctor {
namespace {

// The bytes that SQLite locks instead of the content (its os.h): pending, reserved, shared.
constexpr off_t kLockStart = 0x40000000;
constexpr off_t kLockBytes = 2 + 510;

}  // namespace

std::optional<pid_t> holder_of(const std::string& database) {
    const int file = ::open(database.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return std::nullopt;
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = kLockStart;
    lock.l_len = kLockBytes;
    const int asked = ::fcntl(file, F_GETLK, &lock);
    ::close(file);
    if (asked != 0 || lock.l_type == F_UNLCK || lock.l_pid <= 0) return std::nullopt;
    return lock.l_pid;
}

}  // namespace gateway::doctor
