#pragma once
#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace tests {

inline constexpr uid_t kNobody = 65534;

// What a child process finds that is not root; takes root. At most 100.
inline int found_as_nobody(const std::function<int()>& look) {
    constexpr int kFailed = 101;
    const pid_t child = ::fork();
    if (child == 0) {
        ::close_range(STDERR_FILENO + 1, ~0U, 0);  // sockets of the test are not the child's
        ::_exit(::setresuid(kNobody, kNobody, kNobody) == 0 ? look() : kFailed);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    REQUIRE(WEXITSTATUS(status) < kFailed);
    return WEXITSTATUS(status);
}

}  // namespace tests
