#include "gateway/cli/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace gateway::cli {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP};
constexpr std::string_view kTake = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J";
constexpr std::string_view kGiveBack = "\x1b[?25h\x1b[?1049l";

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// What a terminal takes at least when it takes anything.
constexpr std::size_t kChunk = 256;

// False when the terminal took nothing for a second, or is gone.
bool write_all(std::string_view bytes) {
    constexpr int kPatience = 1000;
    while (!bytes.empty()) {
        pollfd output{STDOUT_FILENO, POLLOUT, 0};
        if (::poll(&output, 1, kPatience) <= 0 || (output.revents & POLLOUT) == 0) return false;
        const ssize_t sent = ::write(STDOUT_FILENO, bytes.data(), std::min(bytes.size(), kChunk));
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

Interruptions::Interruptions() {
    sigset_t ours;
    ::sigemptyset(&ours);
    for (const int signal : kSignals) ::sigaddset(&ours, signal);
    ::pthread_sigmask(SIG_BLOCK, &ours, &before_);
    signals_ = ::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

Interruptions::~Interruptions() {
    ::close(signals_);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Interruptions::Kind Interruptions::wait_until(std::chrono::steady_clock::time_point deadline) {
    for (;;) {
        std::array<pollfd, 2> waits{
            pollfd{signals_, POLLIN, 0}, pollfd{are_keys_watched_ ? STDIN_FILENO : -1, POLLIN, 0}};
        const int ready = ::poll(waits.data(), waits.size(), milliseconds_until(deadline));
        if (ready == 0) return Kind::none;
        if (const auto signal = read_signal()) return *signal;
        if (waits[1].revents == 0) continue;
        if (const auto key = read_key()) return *key;
    }
}

std::optional<Interruptions::Kind> Interruptions::read_signal() const {
    signalfd_siginfo signal{};
    if (::read(signals_, &signal, sizeof signal) != sizeof signal) return std::nullopt;
    if (signal.ssi_signo == SIGWINCH) return Kind::resized;
    return signal.ssi_signo == SIGTSTP ? Kind::suspend : Kind::end;
}

std::optional<Interruptions::Kind> Interruptions::read_key() {
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) != 1) {
        are_keys_watched_ = false;  // the terminal is gone: SIGHUP tells
        return std::nullopt;
    }
    return key == 'q' ? std::optional{Kind::end} : std::nullopt;
}

bool Terminal::is_there() {
    // The environment is written only before the first thread starts.
    const char* name = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe)
    const std::string_view kind = name == nullptr ? "" : name;
    return ::isatty(STDOUT_FILENO) == 1 && !kind.empty() && kind != "dumb";
}

Screen::Size Terminal::size() const {
    winsize window{};
    const bool is_known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
    if (!is_known || window.ws_row == 0 || window.ws_col == 0) return {};
    return {window.ws_row, window.ws_col};
}

bool Terminal::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        std::array<pollfd, 2> waits{
            pollfd{STDOUT_FILENO, POLLOUT, 0}, pollfd{interruptions_.descriptor(), POLLIN, 0}};
        if (::poll(waits.data(), waits.size(), -1) < 0 || waits[1].revents != 0) return false;
        const ssize_t sent = ::write(STDOUT_FILENO, bytes.data(), std::min(bytes.size(), kChunk));
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Terminal::suspend() {
    give_back();
    ::raise(SIGSTOP);
    take();
}

void Terminal::take() {
    termios now{};
    if (::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &now) == 0) {
        before_ = now;
        now.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON);
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
    }
    interruptions_.watch_keys(before_.has_value());
    write_all(kTake);
}

void Terminal::give_back() {
    write_all(kGiveBack);
    if (before_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &*before_);
    interruptions_.watch_keys(false);
}

}  // namespace gateway::cli
