#include "gateway/anonymise/key_ring.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/anonymise/kept_key.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace gateway;
using anonymise::KeyRingDirectory;
using tests::mode_of;
using tests::same;
using tests::support::TemporaryDirectory;

namespace {

constexpr const char* kEnding = anonymise::kWindowKeyEnding;

}  // namespace

TEST_CASE("a key of the ring is found until it is destroyed", "[anonymise][keys]") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("keys/windows");
    const auto made = KeyRingDirectory(path, kEnding).make("1.0.0");
    const auto other = KeyRingDirectory(path, kEnding).make("1.60.0");
    REQUIRE((made && other));
    CHECK_FALSE(same(*made, *other));
    KeyRingDirectory keys(path, kEnding);
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

TEST_CASE("keys are listed and destroyed by the beginning of their names", "[anonymise][keys]") {
    const TemporaryDirectory directory;
    const anonymise::KeyWrap wrap{anonymise::Key{}};
    const std::string path = directory.file("windows");
    KeyRingDirectory keys(path, kEnding);
    CHECK(keys.destroy_all("1."));  // no directory yet
    for (const char* name : {"1.0.0", "1.60.1", "11.0.0"}) REQUIRE(keys.make(name));
    REQUIRE(KeyRingDirectory(path, kEnding, &wrap).make("1.indexes.-3"));
    CHECK(keys.names("1.").value().size() == 3);
    REQUIRE(keys.destroy_all("1."));
    CHECK_FALSE(keys.find("1.0.0").value());
    CHECK_FALSE(keys.find("1.60.1").value());
    CHECK(keys.names("").value() == std::vector<std::string>{"11.0.0"});
    CHECK_FALSE(std::filesystem::exists(path + "/1.indexes.-3.window.wrapped"));
}

TEST_CASE("a destroyed key is overwritten before its name goes", "[anonymise][keys]") {
    const TemporaryDirectory directory;
    KeyRingDirectory keys(directory.path().string(), kEnding);
    REQUIRE(keys.make("1.0.0"));
    std::filesystem::create_hard_link(directory.file("1.0.0.window"), directory.file("kept"));
    REQUIRE(keys.destroy("1.0.0"));
    CHECK(tests::support::read_file(directory.file("kept")) == std::string(32, '\0'));
}

TEST_CASE("what has not the length of a key is none", "[anonymise][keys]") {
    const TemporaryDirectory directory;
    KeyRingDirectory keys(directory.path().string(), kEnding);
    for (const std::size_t length : {0U, 31U, 33U}) {
        directory.write("1.0.0.window", std::string(length, 'k'));
        std::filesystem::permissions(
            directory.file("1.0.0.window"), std::filesystem::perms::owner_read
        );
        const auto found = keys.find("1.0.0");
        CHECK((found && !*found));
    }
}

TEST_CASE("a key of the ring is wrapped and destroyed in that form as well", "[anonymise][keys]") {
    const TemporaryDirectory directory;
    const anonymise::KeyWrap wrap{anonymise::Key{}};
    KeyRingDirectory keys(directory.path().string(), kEnding, &wrap);
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
