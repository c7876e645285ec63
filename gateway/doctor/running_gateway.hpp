#pragma once
#include "gateway/observe/report.hpp"

#include <sys/types.h>

#include <optional>
#include <string>

namespace gateway::doctor {

// What is known of the gateway's process, from outside.
struct RunningGateway {
    std::optional<observe::Report> report;  // what it said; nothing if no gateway answered
    std::string answer;                     // otherwise where it was asked, and what came of it
    std::optional<pid_t> holder;            // the process that has the buffer open, if one has
};

// The process that holds the lock on a database file of SQLite; nothing if none does, or the file
// cannot be opened. Only asks for the lock.
std::optional<pid_t> holder_of(const std::string& database);

}  // namespace gateway::doctor
