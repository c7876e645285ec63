#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/replace_file.hpp"
#include "tests/support/short_files.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("a file of somebody else's stays theirs when it is written anew", "[runtime]") {
    const tests::support::TemporaryDirectory directory;
    const std::string file = directory.write("passerelle.toml", "before");
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    const bool is_root = ::geteuid() == 0;
    if (is_root) REQUIRE(::chown(file.c_str(), 4711, 4712) == 0);
    const std::string link = directory.file("link.toml");
    std::filesystem::create_symlink(file, link);
    REQUIRE_FALSE(rewrite_file(link, "after"));
    CHECK(tests::support::read_file(file) == "after");
    CHECK(std::filesystem::is_symlink(link));
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0640);
    if (is_root) {
        CHECK(status.st_uid == 4711);
        CHECK(status.st_gid == 4712);
    }
    CHECK(rewrite_file(directory.file("none.toml"), "after"));
    CHECK_FALSE(std::filesystem::exists(directory.file("none.toml")));
}
