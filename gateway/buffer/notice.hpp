#pragma once
#include <functional>
#include <string>
#include <string_view>

namespace gateway::buffer {

// Something the operator should know about how the store was opened. The codes are stable:
//   store-damaged     where the damaged file lies now
//   store-salvaged    how much of it is in the new store
//   salvage-failed    why nothing is: the store begins empty
//   salvage-waits     why a damaged store is left as it is: the start fails, the next tries again
//   store-missing     up to which sequence readings had been stored, of which nothing is known now
//   store-restored    behind which sequence a new store goes on that has keys of earlier readings
//   readings-missing  how many readings that a recipient waits for are not there
//   readings-lost     how many readings at the end of the store are not there
//   erasure-finished  what went of a person whose erasure a power cut had interrupted
//   erasure-waits     the same, but there was no room to go on
struct Notice {
    std::string_view code;
    std::string detail;
};

// Is told each as soon as it is known, also by an opening that then fails.
using NoticeSink = std::function<void(const Notice&)>;

}  // namespace gateway::buffer
