#include "gateway/quarantine/ring.hpp"

#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/record.hpp"
#include "gateway/quarantine/sealed_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace gateway::quarantine {
namespace {

using boost::system::error_code;

constexpr mode_t kOwnerOnlyFile = 0600;
constexpr mode_t kOwnerOnlyDirectory = 0700;

error_code last_error() {
    return {errno, boost::system::system_category()};
}

class Descriptor {
  public:
    Descriptor(const std::string& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kOwnerOnlyFile)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

  private:
    int number_;
};

}  // namespace

Ring::Ring(std::string directory, std::uint64_t size_max, std::chrono::seconds retention)
    : directory_(std::move(directory)), size_max_(size_max), retention_(retention) {}

std::string Ring::path_of(const File& file) const {
    return sealed_file(directory_, file.number);
}

error_code Ring::open() {
    std::error_code ignored;
    const auto parent = std::filesystem::path(directory_).parent_path();
    std::filesystem::create_directories(parent, ignored);
    if (::mkdir(directory_.c_str(), kOwnerOnlyDirectory) != 0 && errno != EEXIST)
        return last_error();
    if (::access(directory_.c_str(), R_OK | W_OK | X_OK) != 0) return last_error();
    files_.clear();
    figures_ = {};
    for (const std::uint64_t number : sealed_files(directory_)) {
        files_.push_back(read(number));
        figures_.records += files_.back().records;
        figures_.bytes += files_.back().bytes;
    }
    return {};
}

Ring::File Ring::read(std::uint64_t number) {
    File file{number, 0, 0, kUndated, true};
    const auto bytes = read_sealed_file(path_of(file));
    if (!bytes) return unreadable(number);
    EnvelopeReader reader(*bytes);
    while (const auto envelope = reader.next()) {
        ++file.records;
        file.oldest = earlier(file.oldest, envelope->time);
    }
    figures_.damaged += reader.damaged();
    file.bytes = reader.whole_bytes();
    // What could not be cut off is stepped over by every reader.
    if (file.bytes < bytes->size() &&
        ::truncate(path_of(file).c_str(), static_cast<off_t>(file.bytes)) != 0)
        file.bytes = bytes->size();
    return file;
}

// It takes its room all the same; its records may be read some other day.
Ring::File Ring::unreadable(std::uint64_t number) {
    File file{number, 0, 0, kUndated, false};
    std::error_code failure;
    const auto size = std::filesystem::file_size(path_of(file), failure);
    if (!failure) file.bytes = size;
    ++figures_.damaged;
    return file;
}

bool Ring::is_open(const File& file, std::size_t more, model::Instant oldest) const {
    if (!file.is_readable) return false;
    const bool has_room = file.bytes + more <= size_max_ / kShares;
    const bool is_dated = file.oldest != kUndated && oldest != kUndated;
    return has_room && (!is_dated || oldest - file.oldest < retention_ / kShares);
}

error_code Ring::append(std::string_view envelopes, std::uint64_t records, model::Instant oldest) {
    while (!files_.empty() && figures_.bytes + envelopes.size() > size_max_) remove_oldest();
    const bool is_new = files_.empty() || !is_open(files_.back(), envelopes.size(), oldest);
    if (is_new) {
        const std::uint64_t number = files_.empty() ? 1 : files_.back().number + 1;
        files_.push_back({number, 0, 0, kUndated, true});
    }
    File& file = files_.back();
    auto failure = write(file, envelopes);
    if (!failure && is_new) failure = sync_directory();
    if (failure) {
        if (is_new) files_.pop_back();
        return failure;
    }
    file.bytes += envelopes.size();
    file.records += records;
    file.oldest = earlier(file.oldest, oldest);
    figures_.bytes += envelopes.size();
    figures_.records += records;
    return {};
}

error_code Ring::write(const File& file, std::string_view envelopes) const {
    const Descriptor opened(path_of(file), O_WRONLY | O_CREAT | O_APPEND);
    if (opened.number() < 0) return last_error();
    const auto written = ::write(opened.number(), envelopes.data(), envelopes.size());
    if (written == static_cast<ssize_t>(envelopes.size()) && ::fdatasync(opened.number()) == 0)
        return {};
    const bool is_short = written >= 0 && written < static_cast<ssize_t>(envelopes.size());
    const error_code failure =
        is_short ? error_code(ENOSPC, boost::system::system_category()) : last_error();
    // A part of it would be damage; where even this fails it is stepped over.
    [[maybe_unused]] const int cut = ::ftruncate(opened.number(), static_cast<off_t>(file.bytes));
    return failure;
}

error_code Ring::sync_directory() const {
    const Descriptor opened(directory_, O_RDONLY | O_DIRECTORY);
    return opened.number() >= 0 && ::fsync(opened.number()) == 0 ? error_code{} : last_error();
}

void Ring::remove_oldest() {
    const File& file = files_.front();
    ::unlink(path_of(file).c_str());
    figures_.bytes -= file.bytes;
    figures_.records -= file.records;
    figures_.evicted += file.records;
    files_.pop_front();
}

// Files without a date are as old as the next that has one, and otherwise begin to age now.
void Ring::date(model::Instant now) {
    model::Instant next = now;
    for (auto file = files_.rbegin(); file != files_.rend(); ++file) {
        if (file->oldest == kUndated) file->oldest = next;
        next = file->oldest;
    }
}

void Ring::expire(model::Instant now) {
    date(now);
    while (!files_.empty() && now - files_.front().oldest >= retention_) {
        const std::uint64_t records = files_.front().records;
        remove_oldest();
        figures_.evicted -= records;
        figures_.expired += records;
    }
}

}  // namespace gateway::quarantine
