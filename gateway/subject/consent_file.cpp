#include "gateway/subject/consent_file.hpp"

#include "gateway/anonymise/key_names.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/model/json_text.hpp"

#include <boost/json/parse.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

namespace gateway::subject {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineBytesMax = 4096;
constexpr std::string_view kSealMember = ",\"seal\":\"";
constexpr std::size_t kSealBytes = 2 * sizeof(Who);

boost::system::error_code last_error() {
    return {errno, boost::system::system_category()};
}

boost::system::error_code not_ours() {
    return boost::system::errc::make_error_code(boost::system::errc::bad_message);
}

void append_member(std::string& line, std::string_view head, std::string_view text) {
    line += head;
    model::append_json_string(line, text);
}

// What is sealed of a line.
std::string content_of(const Entry& entry) {
    std::string line = "{\"at\":\"";
    model::append_rfc3339(line, entry.at);
    append_member(line, "\",\"act\":", to_string(entry.act));
    append_member(line, ",\"dataset\":", entry.dataset);
    append_member(line, ",\"field\":", entry.field);
    append_member(line, ",\"who\":", to_hex(entry.who));
    append_member(line, ",\"reference\":", entry.reference);
    return line;
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

std::optional<Entry> parse_entry(std::string_view line) {
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
    if (failure || !value.is_object()) return std::nullopt;
    const json::object& object = value.get_object();
    const auto act = parse_act(text_of(object, "act"));
    const auto at = model::parse_rfc3339(text_of(object, "at"));
    const auto who = parse_who(text_of(object, "who"));
    if (!act || !at || !who) return std::nullopt;
    return Entry{
        *act,
        *at,
        text_of(object, "dataset"),
        text_of(object, "field"),
        *who,
        text_of(object, "reference")};
}

// The lines of a file, one after the other.
class Lines {
  public:
    explicit Lines(int number) : number_(number) {}

    // Without its newline; nothing at the end. What has no newline is no line.
    model::Result<std::optional<std::string_view>> next() {
        while (true) {
            const auto end = chunk_.find('\n', start_);
            if (end != std::string::npos) {
                const std::string_view line(chunk_.data() + start_, end - start_);
                start_ = end + 1;
                read_ += line.size() + 1;
                return std::optional(line);
            }
            if (chunk_.size() - start_ > kLineBytesMax) return not_ours();
            chunk_.erase(0, start_);
            start_ = 0;
            const std::size_t kept = chunk_.size();
            chunk_.resize(kept + kLineBytesMax);
            const ssize_t size =
                ::pread(number_, chunk_.data() + kept, kLineBytesMax, static_cast<off_t>(offset_));
            if (size < 0) return last_error();
            chunk_.resize(kept + static_cast<std::size_t>(size));
            offset_ += static_cast<std::uint64_t>(size);
            if (size == 0) return std::optional<std::string_view>{};
        }
    }

    std::uint64_t bytes_of_lines() const { return read_; }

  private:
    int number_;
    std::string chunk_;
    std::size_t start_ = 0;
    std::uint64_t offset_ = 0;
    std::uint64_t read_ = 0;
};

// The content of a line and its seal; nothing if it is cut short.
struct SealedLine {
    std::string_view content;
    std::optional<Who> seal;
};

std::optional<SealedLine> split(std::string_view line) {
    const std::size_t tail = kSealMember.size() + kSealBytes + 2;  // "}
    if (line.size() < tail || !line.ends_with("\"}")) return std::nullopt;
    const std::string_view end = line.substr(line.size() - tail);
    if (!end.starts_with(kSealMember)) return std::nullopt;
    return SealedLine{
        line.substr(0, line.size() - tail), parse_who(end.substr(kSealMember.size(), kSealBytes))};
}

// Whether a power cut can have left this of a line. A whole one that lacks its seal it has not:
// that one was changed.
bool is_torn(std::string_view line) {
    return line.find('\0') != std::string_view::npos || !split(line) || !parse_entry(line);
}

}  // namespace

ConsentFile::ConsentFile(std::string path, int number, const anonymise::Key& key)
    : path_(std::move(path)), number_(number), hasher_(key) {}

ConsentFile::~ConsentFile() {
    ::close(number_);
}

model::Result<void> ConsentFile::prepare(
    const std::string& path, const std::string& key_directory
) {
    const auto keys = anonymise::key_names(key_directory);
    if (!keys) return keys.error();
    const bool has_key = std::find(keys->begin(), keys->end(), Hasher::kKeyName) != keys->end();
    if (has_key && !buffer::exists(path))
        return boost::system::errc::make_error_code(boost::system::errc::no_such_file_or_directory);
    return buffer::prepare_store_file(path);
}

model::Result<std::unique_ptr<ConsentFile>> ConsentFile::open(
    std::string path, const anonymise::Key& key, const Visitor& visit
) {
    const int number = ::open(path.c_str(), O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    if (number < 0) return last_error();
    std::unique_ptr<ConsentFile> file(new ConsentFile(std::move(path), number, key));
    if (auto read = file->read(visit); !read) return read.error();
    return file;
}

model::Result<void> ConsentFile::read(const Visitor& visit) {
    struct stat status {};
    if (::fstat(number_, &status) != 0) return last_error();
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    Lines lines(number_);
    while (true) {
        const auto line = lines.next();
        if (!line) return line.error();
        if (!*line) break;
        const auto sealed = split(**line);
        const bool is_ours = sealed && sealed->seal == hasher_.seal(seal_, sealed->content);
        if (!is_ours && (lines.bytes_of_lines() < bytes || !is_torn(**line))) return not_ours();
        if (!is_ours) break;
        const auto entry = parse_entry(**line);
        if (!entry) return not_ours();
        visit(*entry);
        seal_ = *sealed->seal;
        size_ = lines.bytes_of_lines();
        ++entries_;
    }
    return size_ < bytes ? cut_off(size_) : model::Result<void>{};
}

model::Result<void> ConsentFile::cut_off(std::uint64_t size) const {
    if (::ftruncate(number_, static_cast<off_t>(size)) != 0 || ::fsync(number_) != 0)
        return last_error();
    return {};
}

model::Result<bool> ConsentFile::append(const Entry& entry) {
    const bool allows = entry.act == Act::grant || entry.act == Act::lift;
    if (entries_ >= (allows ? kEntriesToAllowMax : kEntriesMax)) return false;
    std::string line = content_of(entry);
    const Who seal = hasher_.seal(seal_, line);
    line.append(kSealMember).append(to_hex(seal)).append("\"}\n");
    if (auto written = write(line); !written) return written.error();
    seal_ = seal;
    size_ += line.size();
    ++entries_;
    return true;
}

// What is left of a line that was not written must not stand before the next one.
model::Result<void> ConsentFile::write(const std::string& line) {
    if (is_torn_) {
        if (auto cut = cut_off(size_); !cut) return cut;
        is_torn_ = false;
    }
    const auto size = static_cast<ssize_t>(line.size());
    errno = ENOSPC;  // a write that is cut short leaves it as it is
    if (::write(number_, line.data(), line.size()) == size && ::fsync(number_) == 0) return {};
    const auto failure = last_error();
    is_torn_ = !cut_off(size_);
    return failure;
}

model::Result<void> ConsentFile::each(const Visitor& visit) const {
    Lines lines(number_);
    while (lines.bytes_of_lines() < size_) {
        const auto line = lines.next();
        if (!line) return line.error();
        if (!*line) return {};
        if (const auto entry = parse_entry(**line)) visit(*entry);
    }
    return {};
}

}  // namespace gateway::subject
