#include "gateway/runtime/filter_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <thread>

namespace gateway::runtime {
namespace {

using boost::system::error_code;
using boost::system::result;
using Clock = std::chrono::steady_clock;
namespace errc = boost::system::errc;

constexpr std::chrono::milliseconds kReapInterval{5};

// A child with one socket as its standard input and output, so that a write to a dead one is an
// error and no signal. It is killed when this goes.
class Filter {
  public:
    explicit Filter(const std::vector<std::string>& command) {
        std::array<int, 2> ends{-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
        ours_ = ends[0];
        start(command, ends[1]);
        ::close(ends[1]);
    }
    ~Filter() {
        if (ours_ >= 0) ::close(ours_);
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    bool is_started() const { return pid_ > 0; }

    // Everything the program writes until it closes its output.
    result<std::string> exchange(std::string_view input, Clock::time_point end) const {
        std::string output;
        if (input.empty()) ::shutdown(ours_, SHUT_WR);
        bool is_open = true;
        while (is_open) {
            const short wanted = input.empty() ? POLLIN : POLLIN | POLLOUT;
            pollfd ready{ours_, wanted, 0};
            if (const auto failure = wait_for(ready, end)) return failure;
            if ((ready.revents & POLLOUT) != 0 && !input.empty()) {
                write_some(input);
                if (input.empty()) ::shutdown(ours_, SHUT_WR);
            }
            if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) is_open = read_some(output);
            if (output.size() > kFilterOutputBytesMax)
                return errc::make_error_code(errc::file_too_large);
        }
        return output;
    }

    // The status it ends with; nothing when it does not end in time.
    std::optional<int> wait(Clock::time_point end) {
        int status = 0;
        while (::waitpid(pid_, &status, WNOHANG) == 0) {
            if (Clock::now() >= end) return std::nullopt;
            std::this_thread::sleep_for(kReapInterval);
        }
        pid_ = -1;
        return status;
    }

  private:
    void start(const std::vector<std::string>& command, int end) {
        std::vector<char*> arguments;
        arguments.reserve(command.size() + 1);
        for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.data()));
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
        if (::posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
            pid_ = -1;
        posix_spawn_file_actions_destroy(&actions);
    }

    static error_code wait_for(pollfd& ready, Clock::time_point end) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        const int count = ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
        if (count > 0 || (count < 0 && errno == EINTR)) return {};
        return errc::make_error_code(count == 0 ? errc::timed_out : errc::io_error);
    }

    void write_some(std::string_view& input) const {
        const auto count = ::send(ours_, input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        // Who does not want all of it may still answer: its status tells.
        const bool is_over = count < 0 && errno != EAGAIN && errno != EINTR;
        input.remove_prefix(
            is_over ? input.size() : static_cast<std::size_t>(std::max<ssize_t>(count, 0))
        );
    }

    bool read_some(std::string& output) const {
        std::array<char, 4096> room{};
        const auto count = ::recv(ours_, room.data(), room.size(), MSG_DONTWAIT);
        if (count > 0) output.append(room.data(), static_cast<std::size_t>(count));
        ::explicit_bzero(room.data(), room.size());
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }

    int ours_ = -1;
    pid_t pid_ = -1;
};

}  // namespace

result<std::string> run_filter(
    const std::vector<std::string>& command, std::string_view input, std::chrono::milliseconds limit
) {
    const auto end = Clock::now() + limit;
    Filter filter(command);
    if (!filter.is_started()) return errc::make_error_code(errc::no_such_file_or_directory);
    auto output = filter.exchange(input, end);
    if (!output) return output;
    const auto status = filter.wait(end);
    if (!status) return errc::make_error_code(errc::timed_out);
    if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0)
        return errc::make_error_code(errc::protocol_error);
    return output;
}

}  // namespace gateway::runtime
