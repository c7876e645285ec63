#pragma once
#include <boost/system/error_code.hpp>

#include <type_traits>

namespace gateway::buffer {

// What can go wrong with the store as a whole. An error of the database engine that is none of
// these has the category "sqlite" and its extended result code.
enum class Errc {
    in_use = 1,    // another process has the store open
    damaged,       // not a database, or its structure is broken
    newer_schema,  // written by a newer release
    full,          // no room in the store, or on its disk
    closed,        // close() was called
    failed,        // an earlier call failed; the store does nothing any more
    keys_missing,  // the ring of the keys that its segments are sealed with is not there
    older_schema,  // written by an earlier release, and only looked at
};

const boost::system::error_category& error_category();

inline boost::system::error_code make_error_code(Errc code) {
    return {static_cast<int>(code), error_category()};
}

}  // namespace gateway::buffer

template <>
struct boost::system::is_error_code_enum<gateway::buffer::Errc> : std::true_type {};
