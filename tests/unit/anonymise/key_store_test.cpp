#include "gateway/anonymise/key_store.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace gateway;
using tests::support::TemporaryDirectory;

namespace {

bool same(const anonymise::Key& left, const anonymise::Key& right) {
    return std::equal(left.bytes().begin(), left.bytes().end(), right.bytes().begin());
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a key is made once, survives a restart and is nobody else's to read", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const auto made = anonymise::KeyDirectory(keys).key("water.86400.1");
    const auto again = anonymise::KeyDirectory(keys).key("water.86400.1");
    const auto next = anonymise::KeyDirectory(keys).key("water.86400.2");
    REQUIRE((made && again && next));
    CHECK(same(*made, *again));
    CHECK_FALSE(same(*made, *next));
    CHECK(mode_of(keys) == 0700);
    CHECK(mode_of(keys + "/water.86400.1.key") == 0600);
}

TEST_CASE("a key that others could read, or that is cut short, is not used", "[anonymise]") {
    const TemporaryDirectory directory;
    anonymise::KeyDirectory keys(directory.path().string());
    REQUIRE(keys.key("water.0.0"));
    const std::string path = directory.file("water.0.0.key");
    ::chmod(path.c_str(), 0644);
    CHECK_FALSE(keys.key("water.0.0"));
    ::chmod(path.c_str(), 0600);
    std::filesystem::resize_file(path, 5);
    CHECK_FALSE(keys.key("water.0.0"));
}
