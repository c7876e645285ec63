#include "gateway/buffer/store_moment.hpp"

#include "gateway/buffer/file_reader.hpp"

#include <sys/stat.h>

namespace gateway::buffer {

StoreMoment::StoreMoment(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        file_.device = status.st_dev;
        file_.number = status.st_ino;
        file_.size = status.st_size;
        file_.written = std::chrono::seconds(status.st_mtim.tv_sec) +
                        std::chrono::nanoseconds(status.st_mtim.tv_nsec);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        is_settled_ = std::chrono::abs(now - file_.written) > kStampMax;
    }
    const FileReader log(path + "-wal");
    if (!log.read(0, log_header_)) log_header_ = {};
}

}  // namespace gateway::buffer
