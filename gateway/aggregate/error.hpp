#pragma once
#include <boost/system/error_code.hpp>

#include <type_traits>

namespace gateway::aggregate {

// Why an aggregation cannot go on. What the database engine or the file system says keeps its own
// category.
enum class Errc {
    entropy = 1,      // the source of randomness failed, or is none: no default stands in for it
    overflow,         // a sum has more than 64 bits
    impossible_rule,  // parameters beyond their bounds, or groups that may not be released together
    rolled_back,      // the database is older than its generation: budget could be spent twice
    generation_lost,  // the file of the generation is missing, damaged or older than the database
    unauthentic,      // what was spooled is not as it was written, or its key is gone
    out_of_order,     // readings were left out between two calls
    failed,           // an earlier call failed; nothing is done any more
};

const boost::system::error_category& error_category();

inline boost::system::error_code make_error_code(Errc code) {
    return {static_cast<int>(code), error_category()};
}

}  // namespace gateway::aggregate

template <>
struct boost::system::is_error_code_enum<gateway::aggregate::Errc> : std::true_type {};
