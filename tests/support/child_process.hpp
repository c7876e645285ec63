#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tests::support {

// A program that runs beside the test and ends with it at the latest.
class ChildProcess {
  public:
    // Starts `command[0]`, looked up in PATH; standard output and error go to the file `output`.
    // Throws std::system_error if it cannot be started.
    ChildProcess(std::vector<std::string> command, const std::filesystem::path& output);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return pid_; }
    bool running();

    void signal(int number) const;

    // The exit status (128 + the signal's number if one ended it); nothing if it still runs after
    // `limit`.
    std::optional<int> wait(std::chrono::milliseconds limit);

    // Asks it to end (SIGTERM), insists (SIGKILL) after kTerminationMax.
    void terminate();

    static constexpr std::chrono::seconds kTerminationMax{10};

  private:
    pid_t pid_ = -1;
    std::optional<int> status_;
};

// Runs a program to its end; its exit status.
int run(std::vector<std::string> command, const std::filesystem::path& output = "/dev/null");

}  // namespace tests::support
