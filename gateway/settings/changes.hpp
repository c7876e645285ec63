#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace gateway::settings {

// One difference between two configurations.
struct Change {
    enum class Kind { added, removed, changed } kind = Kind::changed;
    std::string section;  // "source", "gateway"
    std::string name;     // of a [[source]], [[dataset]] …; empty where there is one of a kind
    std::string key;      // "fields.device"; empty: the whole [[source]] came or went
    // As written. Both are empty where the value is too long to be read in a line.
    std::string before;
    std::string now;

    bool operator==(const Change&) const = default;
};

// What differs, in the order of `now` and then what is gone. Comments, the order of keys and the
// way numbers and texts are written are no difference. Both texts must be configurations that the
// loader takes.
std::vector<Change> changes(std::string_view before, std::string_view now);

// Whether nothing changes but sources, what the register says, and uplinks that keep their names,
// their order and their datasets: a running gateway exchanges those while the rest goes on, with
// every connection that did not change.
bool are_only_ways(std::string_view before, std::string_view now);

}  // namespace gateway::settings
