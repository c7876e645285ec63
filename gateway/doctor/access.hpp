#pragma once
#include "gateway/doctor/account.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace gateway::doctor {

// Whether the account may do this with the file or directory, and pass all directories above it.
// `mode` is as of access(2). False where nothing is there. As root the kernel is asked, by a child
// process that becomes the account, so that access lists and mounts count. By who is not root
// another account is judged by owner, group and mode: see is_hidden(). Throws std::system_error
// when no child can be had.
bool may(const Account& account, const std::string& path, int mode);

// The first of the paths with which the account may not do this; with one child for all of them.
std::optional<std::size_t> first_forbidden(
    const Account& account, const std::vector<std::string>& paths, int mode
);

// Whether the doctor cannot tell what the account may do there: a directory on the way is closed to
// the doctor itself, or an access list decides over an account that is not its own, and it is not
// root.
bool is_hidden(const Account& account, const std::string& path);

}  // namespace gateway::doctor
