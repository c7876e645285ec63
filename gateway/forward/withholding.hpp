#pragma once
#include <string>

namespace gateway::forward {

// Why nothing of a dataset leaves by an uplink, whatever its recipient does.
enum class Withheld {
    no,
    ended,    // the contract has
    undated,  // the contract ends at a date, and the clock does not know the date
    unfit,    // one reading after another cannot be brought under the contract
};

// What an operator must do something about: until then it waits.
struct Withholding {
    std::string dataset;
    Withheld why = Withheld::no;
    bool waits = false;  // readings of it are there
};

}  // namespace gateway::forward
