#include "gateway/cli/credential_file.hpp"

#include "gateway/runtime/replace_file.hpp"
#include "gateway/runtime/wipe.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

namespace gateway::cli {
namespace {

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

bool says_something(std::string_view line) {
    return !line.starts_with('#') && line.find(':') != std::string_view::npos;
}

model::Result<void> wait_for_lock(int directory, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kInterval{20};
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::flock(directory, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) return last_error();
        if (std::chrono::steady_clock::now() >= deadline)
            return make_error_code(boost::system::errc::device_or_resource_busy);
        std::this_thread::sleep_for(kInterval);
    }
    return {};
}

}  // namespace

model::Result<CredentialFile> CredentialFile::open(
    std::string path, std::chrono::milliseconds patience
) {
    auto directory = std::filesystem::path(path).parent_path().string();
    if (directory.empty()) directory = ".";
    const int lock = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) return last_error();
    CredentialFile file(std::move(path), lock);
    if (const auto locked = wait_for_lock(lock, patience); !locked) return locked.error();
    if (const auto read = file.read(); !read) return read.error();
    return file;
}

CredentialFile::CredentialFile(CredentialFile&& other) noexcept
    : path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, -1)),
      lines_(std::move(other.lines_)) {}

CredentialFile::~CredentialFile() {
    for (auto& line : lines_) runtime::wipe(line);
    if (lock_ >= 0) ::close(lock_);
}

model::Result<void> CredentialFile::read() {
    std::ifstream stream(path_, std::ios::binary | std::ios::ate);
    if (!stream && errno == ENOENT) return {};
    if (!stream) return last_error();
    if (static_cast<std::size_t>(stream.tellg()) > kFileBytesMax)
        return make_error_code(boost::system::errc::file_too_large);
    stream.seekg(0);
    std::string line;
    while (std::getline(stream, line)) lines_.push_back(line);
    runtime::wipe(line);
    if (stream.bad()) return make_error_code(boost::system::errc::io_error);
    return {};
}

std::vector<std::string> CredentialFile::names() const {
    std::vector<std::string> names;
    for (const std::string& line : lines_) {
        if (says_something(line)) names.push_back(line.substr(0, line.find(':')));
    }
    return names;
}

std::size_t CredentialFile::line_of(std::string_view name) const {
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
        return line.size() > name.size() && line.starts_with(name) && line[name.size()] == ':';
    });
    return static_cast<std::size_t>(found - lines_.begin());
}

std::optional<std::string> CredentialFile::find(std::string_view name) const {
    const std::size_t line = line_of(name);
    if (line == lines_.size()) return std::nullopt;
    return lines_[line].substr(name.size() + 1);
}

void CredentialFile::set(std::string_view name, std::string_view value) {
    const std::size_t line = line_of(name);
    if (line == lines_.size()) lines_.emplace_back();
    lines_[line].assign(name).append(1, ':').append(value);
}

bool CredentialFile::remove(std::string_view name) {
    const std::size_t line = line_of(name);
    if (line == lines_.size()) return false;
    runtime::wipe(lines_[line]);
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(line));
    return true;
}

model::Result<void> CredentialFile::save() const {
    std::string content;
    for (const std::string& line : lines_) content.append(line).append(1, '\n');
    const auto failure = runtime::replace_file_for_its_owner(path_, content);
    runtime::wipe(content);
    if (failure) return failure;
    return {};
}

}  // namespace gateway::cli
