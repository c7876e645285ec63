#include "gateway/doctor/access.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

namespace gateway::doctor {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

constexpr std::int64_t kNone = -1;       // no path is forbidden
constexpr std::int64_t kNotBecome = -2;  // the child could not become the account
constexpr gid_t kNoGroup = 65534;

bool is_own(const Account& account) {
    return account.user == ::geteuid();
}

std::optional<std::size_t> first_forbidden_here(const Paths& paths, int mode) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
        if (::faccessat(AT_FDCWD, paths[i].c_str(), mode, AT_EACCESS) != 0) return i;
    }
    return std::nullopt;
}

bool become(const Account& account) {
    const gid_t group = account.groups.empty() ? kNoGroup : account.groups.front();
    return ::setgroups(account.groups.size(), account.groups.data()) == 0 &&
           ::setresgid(group, group, group) == 0 &&
           ::setresuid(account.user, account.user, account.user) == 0;
}

// In the child, which has one thread and the heap as it was in the middle of others' work: nothing
// is allocated. Who waits for the end of the doctor's output does not wait for a child that hangs.
[[noreturn]] void answer_as(const Account& account, const Paths& paths, int mode, int to) {
    ::dup2(to, STDIN_FILENO);
    ::close_range(STDOUT_FILENO, ~0U, 0);
    std::int64_t answer = kNotBecome;
    if (become(account)) {
        const auto found = first_forbidden_here(paths, mode);
        answer = found ? static_cast<std::int64_t>(*found) : kNone;
    }
    const bool is_sent = ::write(STDIN_FILENO, &answer, sizeof answer) == sizeof answer;
    ::_exit(is_sent ? 0 : 1);
}

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::system_category(), what);
}

std::int64_t answer_of(pid_t child, int from) {
    std::int64_t answer = kNotBecome;
    const bool is_whole = ::read(from, &answer, sizeof answer) == sizeof answer;
    ::close(from);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return is_whole ? answer : kNotBecome;
}

std::optional<std::size_t> ask_as(const Account& account, const Paths& paths, int mode) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    const pid_t child = ::fork();
    if (child == 0) answer_as(account, paths, mode, ends[1]);
    ::close(ends[1]);
    if (child < 0) {
        ::close(ends[0]);
        fail("fork");
    }
    const std::int64_t answer = answer_of(child, ends[0]);
    if (answer == kNotBecome)
        throw std::system_error(EPERM, std::system_category(), "setuid " + account.name);
    if (answer == kNone) return std::nullopt;
    return static_cast<std::size_t>(answer);
}

bool allows(const Account& account, const struct stat& status, int mode) {
    if (account.user == 0)
        return (mode & X_OK) == 0 || S_ISDIR(status.st_mode) || (status.st_mode & 0111U) != 0;
    const auto& groups = account.groups;
    unsigned shift = 0;
    if (status.st_uid == account.user) {
        shift = 6;
    } else if (std::find(groups.begin(), groups.end(), status.st_gid) != groups.end()) {
        shift = 3;
    }
    const auto wanted = static_cast<unsigned>(mode) & 7U;
    return (((status.st_mode >> shift) & 7U) & wanted) == wanted;
}

bool allows(const Account& account, const std::string& path, int mode) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && allows(account, status, mode);
}

Paths directories_above(const std::string& path) {
    Paths found;
    fs::path above = fs::path(path).parent_path();
    for (; !above.empty() && above != above.root_path(); above = above.parent_path())
        found.push_back(above.string());
    return found;
}

bool is_allowed_by_mode(const Account& account, const std::string& path, int mode) {
    const Paths above = directories_above(path);
    return std::all_of(
               above.begin(),
               above.end(),
               [&](const std::string& directory) { return allows(account, directory, X_OK); }
           ) &&
           allows(account, path, mode);
}

bool has_access_list(const std::string& path) {
    return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

}  // namespace

std::optional<std::size_t> first_forbidden(
    const Account& account, const std::vector<std::string>& paths, int mode
) {
    if (paths.empty()) return std::nullopt;
    if (is_own(account)) return first_forbidden_here(paths, mode);
    if (::geteuid() == 0) return ask_as(account, paths, mode);
    const auto first = std::find_if(paths.begin(), paths.end(), [&](const std::string& path) {
        return !is_allowed_by_mode(account, path, mode);
    });
    if (first == paths.end()) return std::nullopt;
    return static_cast<std::size_t>(first - paths.begin());
}

bool may(const Account& account, const std::string& path, int mode) {
    return !first_forbidden(account, {path}, mode);
}

bool is_hidden(const Account& account, const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0 && errno == EACCES) return true;
    if (is_own(account) || ::geteuid() == 0) return false;
    const Paths above = directories_above(path);
    return has_access_list(path) || std::any_of(above.begin(), above.end(), has_access_list);
}

}  // namespace gateway::doctor
