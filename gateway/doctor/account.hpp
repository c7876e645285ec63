#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace gateway::doctor {

// The account that the gateway runs under, for whom files must be readable.
struct Account {
    uid_t user = 0;
    std::vector<gid_t> groups;
    std::string name;
};

// Of the process that holds the buffer, by `proc`. Where none is known: the doctor's own if the
// state directory is its own and it is not root; otherwise the system's account "passerelle", the
// owner of the state directory, or the doctor's own, the first that there is. May hang with the
// disk of the state directory.
Account account_of_gateway(
    const std::string& proc, std::optional<pid_t> process, const std::string& state_directory
);

// This process's own.
Account own_account();

}  // namespace gateway::doctor
