#include "gateway/doctor/directory.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

namespace fs = std::filesystem;
using gateway::doctor::for_each_entry;
using gateway::doctor::for_each_entry_below;
using tests::support::TemporaryDirectory;

TEST_CASE("the entries of a directory are shown up to a bound", "[doctor]") {
    const TemporaryDirectory directory;
    fs::create_directories(directory.file("one/below"));
    directory.write("two", "x");
    std::size_t count = 0;
    const auto see = [&](const fs::path& /*entry*/) { ++count; };
    CHECK_FALSE(for_each_entry(directory.path().string(), 10, see));
    CHECK(count == 2);
    CHECK_FALSE(for_each_entry_below(directory.path().string(), 10, see));
    CHECK(count == 2 + 3);
    CHECK_FALSE(for_each_entry_below(directory.path().string(), 1, see));
    CHECK(count == 2 + 3 + 1);
}

TEST_CASE("a directory that ends while it is read is an error and no exception", "[doctor]") {
    const TemporaryDirectory directory;
    CHECK(for_each_entry(directory.file("none"), 10, [](const fs::path& /*entry*/) {}));
    const auto above = directory.file("above");
    fs::create_directories(above + "/below");
    // The walk is about to go down into what is not there any more.
    const auto remove = [](const fs::path& entry) { fs::remove(entry); };
    CHECK(for_each_entry_below(above, 10, remove));
}
