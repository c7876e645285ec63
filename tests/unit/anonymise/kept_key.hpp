#pragma once
#include "gateway/anonymise/secret_key.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <string>

namespace tests {

inline bool same(const gateway::anonymise::Key& left, const gateway::anonymise::Key& right) {
    return std::equal(left.bytes().begin(), left.bytes().end(), right.bytes().begin());
}

// The permissions of what is there.
inline unsigned mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace tests
