#include "gateway/runtime/file_change.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using gateway::runtime::FileChange;

TEST_CASE("a file that is replaced has changed, once", "[runtime]") {
    const tests::support::TemporaryDirectory directory;
    const auto file = directory.write("watched", "one");
    FileChange change{file};
    CHECK_FALSE(change.happened());
    std::filesystem::rename(directory.write("next", "two"), file);
    CHECK(change.happened());
    CHECK_FALSE(change.happened());
    std::filesystem::remove(file);
    CHECK(change.happened());
    directory.write("watched", "longer");
    CHECK(change.happened());
    CHECK_FALSE(FileChange{}.happened());
}
