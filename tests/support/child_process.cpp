#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

namespace tests::support {

namespace {

constexpr std::chrono::milliseconds kPollInterval{2};
constexpr std::chrono::minutes kRunMax{2};

std::vector<char*> arguments_of(std::vector<std::string>& command) {
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    return arguments;
}

int exit_status(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> command, const std::filesystem::path& output) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(
        &files, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600
    );
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    auto arguments = arguments_of(command);
    const int error =
        posix_spawnp(&pid_, arguments.front(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::system_error(error, std::generic_category(), command.front());
}

ChildProcess::~ChildProcess() {
    terminate();
}

bool ChildProcess::running() {
    return !wait(std::chrono::milliseconds{0});
}

void ChildProcess::signal(int number) const {
    if (!status_) ::kill(pid_, number);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!status_) {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            status_ = exit_status(status);
        } else if (std::chrono::steady_clock::now() >= deadline) {
            break;
        } else {
            std::this_thread::sleep_for(kPollInterval);
        }
    }
    return status_;
}

void ChildProcess::terminate() {
    signal(SIGTERM);
    signal(SIGCONT);  // a stopped process does not hear of its end
    if (wait(kTerminationMax)) return;
    signal(SIGKILL);
    wait(kTerminationMax);
}

int run(std::vector<std::string> command, const std::filesystem::path& output) {
    ChildProcess process(std::move(command), output);
    return process.wait(kRunMax).value_or(-1);
}

}  // namespace tests::support
