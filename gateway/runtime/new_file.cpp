#include "gateway/runtime/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace gateway::runtime {

boost::system::error_code write_new_file(const std::string& path, std::string_view content) {
    constexpr mode_t kOwnerOnly = 0600;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
    if (file < 0) return {errno, boost::system::system_category()};
    const auto size = static_cast<ssize_t>(content.size());
    boost::system::error_code failure;
    errno = ENOSPC;  // a write that is cut short leaves it as it is
    if (::write(file, content.data(), content.size()) != size || ::fsync(file) != 0)
        failure = {errno, boost::system::system_category()};
    ::close(file);
    if (failure) ::unlink(path.c_str());
    return failure;
}

}  // namespace gateway::runtime
