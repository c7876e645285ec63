#include "gateway/aggregate/window_keys.hpp"

#include "scripted_entropy.hpp"
#include "tests/support/seeded_entropy.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

using namespace gateway;
using aggregate::WindowKeyDirectory;
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

TEST_CASE("a window's key is found until it is destroyed", "[aggregate][keys]") {
    const TemporaryDirectory directory;
    tests::support::SeededEntropy entropy(1);
    const std::string path = directory.file("windows");
    const auto made = WindowKeyDirectory(path, entropy).make("1.0.0");
    const auto other = WindowKeyDirectory(path, entropy).make("1.60.0");
    REQUIRE((made && other));
    CHECK_FALSE(same(*made, *other));
    WindowKeyDirectory keys(path, entropy);
    const auto found = keys.find("1.0.0");
    REQUIRE((found && *found));
    CHECK(same(**found, *made));
    CHECK(mode_of(path) == 0700);
    CHECK(mode_of(path + "/1.0.0.window") == 0600);
    REQUIRE(keys.destroy("1.0.0"));
    CHECK_FALSE(keys.find("1.0.0").value());
    CHECK(keys.destroy("1.0.0"));
    CHECK(keys.find("1.60.0").value());
}

TEST_CASE("keys are destroyed by the beginning of their names", "[aggregate][keys]") {
    const TemporaryDirectory directory;
    tests::support::SeededEntropy entropy(1);
    const anonymise::KeyWrap wrap{anonymise::Key{}};
    const std::string path = directory.file("windows");
    WindowKeyDirectory keys(path, entropy);
    CHECK(keys.destroy_all("1."));  // no directory yet
    for (const char* name : {"1.0.0", "1.60.1", "11.0.0"}) REQUIRE(keys.make(name));
    REQUIRE(WindowKeyDirectory(path, entropy, &wrap).make("1.indexes.-3"));
    REQUIRE(keys.destroy_all("1."));
    CHECK_FALSE(keys.find("1.0.0").value());
    CHECK_FALSE(keys.find("1.60.1").value());
    CHECK(keys.find("11.0.0").value());
    CHECK_FALSE(std::filesystem::exists(path + "/1.indexes.-3.window.wrapped"));
}

TEST_CASE("a destroyed key is overwritten before its name goes", "[aggregate][keys]") {
    const TemporaryDirectory directory;
    tests::support::SeededEntropy entropy(1);
    WindowKeyDirectory keys(directory.path().string(), entropy);
    REQUIRE(keys.make("1.0.0"));
    std::filesystem::create_hard_link(directory.file("1.0.0.window"), directory.file("kept"));
    REQUIRE(keys.destroy("1.0.0"));
    CHECK(tests::support::read_file(directory.file("kept")) == std::string(32, '\0'));
}

TEST_CASE("what has not the length of a key is none", "[aggregate][keys]") {
    const TemporaryDirectory directory;
    tests::support::SeededEntropy entropy(1);
    WindowKeyDirectory keys(directory.path().string(), entropy);
    for (const std::size_t length : {0U, 31U, 33U}) {
        directory.write("1.0.0.window", std::string(length, 'k'));
        std::filesystem::permissions(
            directory.file("1.0.0.window"), std::filesystem::perms::owner_read
        );
        const auto found = keys.find("1.0.0");
        CHECK((found && !*found));
    }
    tests::unit::FailingEntropy failing(entropy, 0);
    CHECK_FALSE(WindowKeyDirectory(directory.path().string(), failing).make("1.60.0"));
}

TEST_CASE("a window's key is wrapped and destroyed in that form as well", "[aggregate][keys]") {
    const TemporaryDirectory directory;
    tests::support::SeededEntropy entropy(1);
    const anonymise::KeyWrap wrap{anonymise::Key{}};
    WindowKeyDirectory keys(directory.path().string(), entropy, &wrap);
    const auto made = keys.make("1.0.0");
    REQUIRE(made);
    CHECK_FALSE(std::filesystem::exists(directory.file("1.0.0.window")));
    const std::string file = directory.file("1.0.0.window.wrapped");
    std::filesystem::create_hard_link(file, directory.file("kept"));
    const auto found = keys.find("1.0.0");
    REQUIRE((found && *found));
    CHECK(same(**found, *made));
    REQUIRE(keys.destroy("1.0.0"));
    CHECK_FALSE(keys.find("1.0.0").value());
    CHECK(tests::support::read_file(directory.file("kept")) == std::string(80, '\0'));
}
