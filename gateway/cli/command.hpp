#pragma once
#include "gateway/cli/manual_text.hpp"

#include <iosfwd>
#include <string>

namespace gateway::cli {

inline constexpr const char* kDefaultConfiguration = "/etc/passerelle/passerelle.toml";

// Exit statuses that every command shares (sysexits.h); others are a command's own.
inline constexpr int kExitOk = 0;
inline constexpr int kExitNotDone = 1;         // it cannot be done; the message says why
inline constexpr int kExitUsage = 64;          // the command line is wrong
inline constexpr int kExitNotOpened = 65;      // damaged, or sealed for another key
inline constexpr int kExitUnavailable = 69;    // no gateway answers
inline constexpr int kExitConfiguration = 78;  // the configuration is wrong

// What a command needs of its process, and where it leaves its result. Outlives the command line's
// parser, which keeps references to it.
struct CommandContext {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
    std::string language;       // --lang; empty: the configuration or the environment decides
    int exit_status = kExitOk;  // set by the command that was run
    ManualTexts manual{};       // what commands say of themselves when they are added
};

}  // namespace gateway::cli
