#include "gateway/buffer/disk_reserve.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
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

bool DiskReserve::has_room() const {
    const auto slash = path_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
    struct statvfs disk {};
    if (::statvfs(directory.c_str(), &disk) != 0) return false;
    return std::uint64_t{disk.f_bavail} * disk.f_frsize >= 2 * bytes_;
}

}  // namespace gateway::buffer
