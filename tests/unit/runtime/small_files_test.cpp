#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "tests/support/short_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <filesystem>

using namespace gateway::runtime;

TEST_CASE("a file that is written in part is not taken for a whole one", "[runtime]") {
    const tests::support::TemporaryDirectory directory;
    const std::string kept = directory.write("kept", "old");
    boost::system::error_code made;
    boost::system::error_code replaced;
    {
        const tests::support::ShortFiles limit(10);
        errno = 0;
        made = write_new_file(directory.file("made"), "longer than ten bytes");
        errno = 0;
        replaced = replace_file(kept, "longer than ten bytes");
    }
    CHECK(made.value() == ENOSPC);
    CHECK(replaced.value() == ENOSPC);
    CHECK_FALSE(std::filesystem::exists(directory.file("made")));
    CHECK(tests::support::read_file(kept) == "old");
}
