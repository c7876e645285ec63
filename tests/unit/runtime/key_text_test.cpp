#include "gateway/runtime/key_text.hpp"

#include "gateway/runtime/memory_lock.hpp"
#include "gateway/runtime/new_file.hpp"
#include "gateway/runtime/wipe.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

using namespace gateway::runtime;

TEST_CASE("a key is read back as it was written", "[runtime]") {
    std::array<unsigned char, 32> key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<unsigned char>(7 * i + 250);
    const std::string text = key_text(key);
    CHECK(text.size() == 44);
    CHECK(text.find('\0') == std::string::npos);
    std::array<unsigned char, 32> again{};
    REQUIRE(parse_key(text, again));
    CHECK(again == key);
    CHECK(key_text(std::array<unsigned char, 3>{'M', 'a', 'n'}) == "TWFu");
}

TEST_CASE("what is not exactly a key is none", "[runtime]") {
    std::array<unsigned char, 32> key{};
    const std::string text = key_text(key);
    std::array<unsigned char, 31> shorter{};
    std::array<unsigned char, 33> longer{};
    CHECK_FALSE(parse_key(text, shorter));
    CHECK_FALSE(parse_key(text, longer));
    for (const std::string& wrong :
         {std::string{}, text + "=", text + "\n", text.substr(1), text.substr(0, 43), "!" + text})
        CHECK_FALSE(parse_key(wrong, key));
}

TEST_CASE("a wiped text leaves nothing", "[runtime]") {
    std::string text(100, 'x');
    const char* bytes = text.data();
    wipe(text);
    CHECK(text.empty());
    text.resize(100, '?');
    CHECK(text.data() == bytes);
}

TEST_CASE("a text grows as often as it is appended to", "[runtime]") {
    std::string text;
    std::string expected;
    for (int i = 0; i < 200; ++i) {
        const std::string more(static_cast<std::size_t>(i % 40), static_cast<char>('a' + i % 26));
        append_and_wipe(text, more);
        expected += more;
        REQUIRE(text == expected);
    }
}

TEST_CASE("a new file replaces none, and is nobody else's to read", "[runtime]") {
    const tests::support::TemporaryDirectory directory;
    const std::string path = directory.file("private.key");
    REQUIRE_FALSE(write_new_file(path, "first"));
    CHECK(write_new_file(path, "second"));
    CHECK(tests::support::read_file(path) == "first");
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
    CHECK(write_new_file(directory.file("none/private.key"), "x"));
}

TEST_CASE("memory is locked up to the limit, and no further", "[runtime]") {
    CHECK(may_lock_memory(4096));
    if (::geteuid() == 0) return;  // whom no limit binds
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
    if (limit.rlim_max == RLIM_INFINITY) return;
    CHECK_FALSE(may_lock_memory(limit.rlim_max + 4096));
}
