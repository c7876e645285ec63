#include "gateway/cli/line_input.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace gateway::cli {
namespace {

constexpr std::size_t kReadBytes = 64U << 10;

int open_input(const std::string& path) {
    return path == "-" ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

}  // namespace

LineInput::LineInput(const std::string& path, int interrupt)
    : number_(open_input(path)), interrupt_(interrupt) {}

LineInput::~LineInput() {
    if (number_ >= 0) ::close(number_);
}

LineInput::Next LineInput::next() {
    while (true) {
        if (take_line()) {
            ++count_;
            return std::exchange(is_too_long_, false) ? Next::too_long : Next::line;
        }
        Next why = Next::end;
        if (fill(why)) continue;
        if (why != Next::end || (buffered_.empty() && !is_too_long_)) return why;
        buffered_ += '\n';  // the last line has none
    }
}

// Moves the next line of what is buffered into line_.
bool LineInput::take_line() {
    buffered_.erase(0, taken_);
    taken_ = 0;
    const std::size_t end = buffered_.find('\n');
    const bool is_whole = end != std::string::npos;
    if (!is_whole && buffered_.size() > kLineBytesMax) {
        is_too_long_ = true;
        buffered_.clear();
    }
    if (!is_whole) return false;
    line_.assign(buffered_, 0, end);
    taken_ = end + 1;
    return true;
}

bool LineInput::fill(Next& why) {
    std::array<pollfd, 2> waited{pollfd{number_, POLLIN, 0}, pollfd{interrupt_, POLLIN, 0}};
    const int ready = ::poll(waited.data(), waited.size(), -1);
    const bool is_interrupted = ready < 0 ? errno == EINTR : waited[1].revents != 0;
    if (ready < 0 || is_interrupted) {
        why = is_interrupted ? Next::interrupted : Next::failed;
        return false;
    }
    std::array<char, kReadBytes> bytes{};
    const ssize_t count = ::read(number_, bytes.data(), bytes.size());
    if (count > 0) {
        buffered_.append(bytes.data(), static_cast<std::size_t>(count));
        return true;
    }
    why = count == 0 ? Next::end : Next::failed;
    return false;
}

}  // namespace gateway::cli
