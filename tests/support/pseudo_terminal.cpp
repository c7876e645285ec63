#include "tests/support/pseudo_terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace tests::support {

namespace {

constexpr int kMomentMs = 20;

void require(bool holds) {
    if (!holds) throw std::system_error(errno, std::system_category(), "pseudo-terminal");
}

}  // namespace

PseudoTerminal::PseudoTerminal()
    : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    require(master_ >= 0);
    require(::grantpt(master_) == 0 && ::unlockpt(master_) == 0);
    std::array<char, 64> name{};
    require(::ptsname_r(master_, name.data(), name.size()) == 0);
    path_ = name.data();
}

PseudoTerminal::~PseudoTerminal() {
    hang_up();
}

void PseudoTerminal::hang_up() {
    if (master_ >= 0) ::close(master_);
    master_ = -1;
}

void PseudoTerminal::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto written = ::write(master_, bytes.data(), bytes.size());
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        if (written >= 0) continue;
        require(errno == EAGAIN || errno == EINTR);
        pollfd room{master_, POLLOUT, 0};
        ::poll(&room, 1, kMomentMs);
    }
}

std::string PseudoTerminal::read() const {
    pollfd arrival{master_, POLLIN, 0};
    ::poll(&arrival, 1, kMomentMs);
    std::array<char, 4096> bytes{};
    const auto size = ::read(master_, bytes.data(), bytes.size());
    if (size > 0) return {bytes.data(), static_cast<std::size_t>(size)};
    // Nobody has the other end open.
    if (size < 0 && errno == EIO) ::poll(nullptr, 0, kMomentMs);
    return {};
}

}  // namespace tests::support
