#pragma once
#include <csignal>

namespace gateway::cli {

// Ctrl-C and SIGTERM, for a command that stops in order instead of at once: while it is there they
// are blocked in this thread and those that it starts, and wait to be asked for.
class StopSignals {
  public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    // Whether one has come since the last call.
    bool take() const;

    // Readable when one has come; -1 if the system has none left.
    int descriptor() const { return number_; }

  private:
    sigset_t before_{};
    int number_ = -1;
};

}  // namespace gateway::cli
