#pragma once
#include <string>
#include <string_view>

namespace gateway::cli {

// A line of what a gateway stores and refuses (gateway/status/tail.hpp).
struct TailLine {
    // A sign tells only that the gateway is there.
    enum class Kind { sign, event, missed } kind = Kind::sign;
    std::string text;  // for a person, without the line's end; of a sign empty
};

// A line as it came. Members that are not there are left out, for the gateway may be of another
// version. Control characters, which a terminal would obey, become blanks.
TailLine read_tail_line(std::string_view json);

}  // namespace gateway::cli
