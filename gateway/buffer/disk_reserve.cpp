#include "gateway/buffer/disk_reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gateway::buffer {

bool DiskReserve::take() {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return false;
    const bool taken = ::posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0;
    ::close(file);
    if (!taken) release();
    return taken;
}

bool DiskReserve::release() {
    return ::unlink(path_.c_str()) == 0;
}

}  // namespace gateway::buffer
