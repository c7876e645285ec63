#include "gateway/cli/placed_files.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using gateway::cli::PlacedFiles;
using Reader = PlacedFiles::Reader;
namespace fs = std::filesystem;

namespace {

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& path, const std::string& content) {
    std::ofstream(path) << content;
}

unsigned mode_of(const fs::path& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

std::size_t files_in(const fs::path& directory) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory), fs::directory_iterator())
    );
}

}  // namespace

TEST_CASE("files that are kept are there, for those that may read them", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path etc = directory.path() / "new/etc";
    {
        PlacedFiles placed(std::nullopt);
        REQUIRE(placed.make_directory(etc.string()));
        REQUIRE(placed.add((etc / "box.crt").string(), "certificate", Reader::everybody));
        REQUIRE(placed.add((etc / "box.key").string(), "key", Reader::group));
        const auto kept = placed.replace((etc / "box.toml").string(), "text");
        REQUIRE(kept);
        CHECK(kept->empty());
        placed.keep();
    }
    CHECK(mode_of(etc) == 0750);
    CHECK(mode_of(etc / "box.crt") == 0644);
    CHECK(mode_of(etc / "box.key") == 0600);
    CHECK(mode_of(etc / "box.toml") == 0640);
    CHECK(content_of(etc / "box.key") == "key");
    CHECK(files_in(etc) == 3);
}

TEST_CASE("a group that may read gets 0640", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path path = directory.path() / "key";
    PlacedFiles placed(::getegid());
    REQUIRE(placed.add(path.string(), "key", Reader::group));
    CHECK(mode_of(path) == 0640);
}

TEST_CASE("what is not kept is as it was before", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path file = directory.path() / "box.toml";
    write(file, "old");
    {
        PlacedFiles placed(std::nullopt);
        REQUIRE(placed.make_directory((directory.path() / "a/b").string()));
        REQUIRE(placed.add((directory.path() / "a/b/key").string(), "key", Reader::group));
        REQUIRE(placed.replace(file.string(), "new"));
        CHECK(content_of(file) == "new");
    }
    CHECK(content_of(file) == "old");
    CHECK(files_in(directory.path()) == 1);
}

TEST_CASE("a file that is there is never added over", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path file = directory.path() / "box.key";
    write(file, "old");
    {
        PlacedFiles placed(std::nullopt);
        CHECK_FALSE(placed.add(file.string(), "new", Reader::group));
    }
    CHECK(content_of(file) == "old");
    CHECK(files_in(directory.path()) == 1);
}

TEST_CASE("each file that is replaced is kept under a name of its own", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path file = directory.path() / "box.toml";
    write(file, "first");
    for (const char* content : {"second", "third"}) {
        PlacedFiles placed(std::nullopt);
        REQUIRE(placed.replace(file.string(), content));
        placed.keep();
    }
    CHECK(content_of(file) == "third");
    CHECK(content_of(file.string() + ".bak") == "first");
    CHECK(content_of(file.string() + ".bak-2") == "second");
}

TEST_CASE("a symbolic link stays, and what it leads to is replaced", "[cli]") {
    const tests::support::TemporaryDirectory directory;
    const fs::path target = directory.path() / "target.toml";
    const fs::path link = directory.path() / "box.toml";
    write(target, "old");
    fs::create_symlink(target, link);
    PlacedFiles placed(std::nullopt);
    REQUIRE(placed.replace(link.string(), "new"));
    placed.keep();
    CHECK(fs::is_symlink(link));
    CHECK(content_of(target) == "new");
    CHECK(content_of(target.string() + ".bak") == "old");
}
