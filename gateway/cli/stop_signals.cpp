#include "gateway/cli/stop_signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace gateway::cli {

StopSignals::StopSignals() {
    sigset_t signals{};
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGINT);
    ::sigaddset(&signals, SIGTERM);
    number_ = ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    ::pthread_sigmask(number_ < 0 ? SIG_UNBLOCK : SIG_BLOCK, &signals, &before_);
}

StopSignals::~StopSignals() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    if (number_ >= 0) ::close(number_);
}

bool StopSignals::take() const {
    signalfd_siginfo raised{};
    return number_ >= 0 && ::read(number_, &raised, sizeof raised) == sizeof raised;
}

}  // namespace gateway::cli
