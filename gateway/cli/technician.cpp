#include "gateway/cli/technician.hpp"

#include <pwd.h>
#include <unistd.h>
#include <utmpx.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace gateway::cli {
namespace {

constexpr std::size_t kNameMax = 64;

std::string variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no other thread
    return value == nullptr ? std::string{} : std::string{value};
}

// Of the effective user, where sudo does not tell another one.
std::string user_name() {
    if (std::string behind = variable("SUDO_USER"); !behind.empty()) return behind;
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> texts{};
    ::getpwuid_r(::geteuid(), &entry, texts.data(), texts.size(), &found);
    return found != nullptr ? found->pw_name : '#' + std::to_string(::geteuid());
}

// What sshd has written down of this terminal: sudo keeps no SSH_CONNECTION.
std::string machine_of_terminal() {
    std::array<char, 128> path{};
    for (const int file : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::ttyname_r(file, path.data(), path.size()) != 0) continue;
        constexpr std::string_view kDevices = "/dev/";
        const std::string_view terminal = path.data();
        if (!terminal.starts_with(kDevices)) continue;
        utmpx asked{};
        std::strncpy(asked.ut_line, path.data() + kDevices.size(), sizeof asked.ut_line - 1);
        // NOLINTBEGIN(concurrency-mt-unsafe): no other thread
        ::setutxent();
        const utmpx* found = ::getutxline(&asked);
        std::string machine;
        if (found != nullptr)
            machine.assign(found->ut_host, ::strnlen(found->ut_host, sizeof found->ut_host));
        ::endutxent();
        // NOLINTEND(concurrency-mt-unsafe)
        return machine;
    }
    return {};
}

// A short name without control characters.
std::string shown(std::string name) {
    name.resize(std::min(name.size(), kNameMax));
    std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
    return name;
}

}  // namespace

Technician this_technician() {
    const std::string connection = variable("SSH_CONNECTION");  // "192.0.2.7 52011 192.0.2.1 22"
    const std::string machine = connection.substr(0, connection.find(' '));
    return {shown(user_name()), shown(machine.empty() ? machine_of_terminal() : machine)};
}

}  // namespace gateway::cli
