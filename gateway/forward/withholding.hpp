#pragma once
#include <string>

namespace gateway::forward {

// Why no reading of a dataset leaves by an uplink, whatever its recipient does.
enum class Withheld {
    no,
    ended,    // the contract has; gaps and erasures leave all the same, once no reading waits
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
