#pragma once
#include "gateway/cli/screen.hpp"

#include <signal.h>
#include <termios.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace gateway::cli {

// Signals that would end this process or stop it, and keys, as answers to a wait. From construction
// to destruction signals do nothing else; one at a time.
class Interruptions {
  public:
    enum class Kind {
        none,     // the time is over
        end,      // SIGINT, SIGTERM, SIGHUP, SIGQUIT, or the key q
        resized,  // SIGWINCH
        suspend   // SIGTSTP: who waits may stop itself
    };

    Interruptions();
    ~Interruptions();
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;

    Kind wait_until(std::chrono::steady_clock::time_point deadline);

    // Keys are taken from standard input, if it is a terminal.
    void watch_keys(bool do_watch) { are_keys_watched_ = do_watch; }

    // Readable when there is something to wait for.
    int descriptor() const { return signals_; }

  private:
    std::optional<Kind> read_signal() const;
    std::optional<Kind> read_key();

    sigset_t before_{};
    int signals_ = -1;
    bool are_keys_watched_ = false;
};

// The terminal of standard output while a view takes all of it: the alternate screen, without a
// cursor and without the echo of keys. What was there before is there again afterwards.
class Terminal {
  public:
    // Whether standard output is a terminal that can be drawn on.
    static bool is_there();

    explicit Terminal(Interruptions& interruptions) : interruptions_(interruptions) { take(); }
    ~Terminal() { give_back(); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    Screen::Size size() const;

    // Writes what a Screen draws. False when something else came up before the end: the terminal is
    // slow or was stopped, and shows a part.
    bool write(std::string_view bytes) const;

    // Stops this process as SIGTSTP does, with the terminal as it was before.
    void suspend();

  private:
    void take();
    void give_back();

    Interruptions& interruptions_;
    std::optional<termios> before_;  // nothing: keys are not ours to read
};

}  // namespace gateway::cli
