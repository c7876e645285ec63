#include "gateway/anonymise/key_store.hpp"

#include "gateway/anonymise/plain_keys.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/anonymise/kept_key.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

using namespace gateway;
using tests::mode_of;
using tests::same;
using tests::support::TemporaryDirectory;

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

namespace {

anonymise::Key key_of(unsigned char byte) {
    anonymise::Key key;
    std::fill(key.bytes().begin(), key.bytes().end(), byte);
    return key;
}

int number_of(const model::Result<anonymise::Key>& key) {
    return key ? 0 : key.error().value();
}

}  // namespace

TEST_CASE("a wrapped key is opened by its wrapping key and its name alone", "[anonymise]") {
    const anonymise::KeyWrap wrap(key_of(1));
    const auto wrapped = wrap.wrap("water.key", key_of(7));
    const auto again = wrap.unwrap("water.key", wrapped);
    REQUIRE(again);
    CHECK(same(*again, key_of(7)));
    CHECK(wrap.wrap("water.key", key_of(7)) != wrapped);
    CHECK_FALSE(wrap.unwrap("air.key", wrapped));
    CHECK_FALSE(anonymise::KeyWrap(key_of(2)).unwrap("water.key", wrapped));
    for (std::size_t i = 0; i < wrapped.size(); ++i) {
        auto changed = wrapped;
        changed[i] ^= 1U;
        CHECK_FALSE(wrap.unwrap("water.key", changed));
    }
    CHECK_FALSE(wrap.unwrap("water.key", std::span(wrapped).first(79)));
}

TEST_CASE("a wrapped key is on the disk in no other form", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const anonymise::KeyWrap wrap(key_of(1));
    const auto made = anonymise::KeyDirectory(keys, &wrap).key("water.0");
    REQUIRE(made);
    const auto again = anonymise::KeyDirectory(keys, &wrap).key("water.0");
    REQUIRE(again);
    CHECK(same(*made, *again));
    CHECK(mode_of(keys + "/water.0.key.wrapped") == 0600);
    const std::string bytes(made->bytes().begin(), made->bytes().end());
    for (const auto& entry : std::filesystem::directory_iterator(keys))
        CHECK(tests::support::read_file(entry.path()).find(bytes) == std::string::npos);
    // The same search finds a key that is not wrapped.
    const auto plain = anonymise::KeyDirectory(keys).key("air.0");
    REQUIRE(plain);
    CHECK(
        tests::support::read_file(keys + "/air.0.key") ==
        std::string(plain->bytes().begin(), plain->bytes().end())
    );
}

TEST_CASE("a key is not made anew because its wrapping key is another or missing", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const anonymise::KeyWrap wrap(key_of(1));
    const anonymise::KeyWrap other(key_of(2));
    const auto made = anonymise::KeyDirectory(keys, &wrap).key("water.0");
    CHECK(number_of(anonymise::KeyDirectory(keys, &other).key("water.0")) == EKEYREJECTED);
    CHECK(number_of(anonymise::KeyDirectory(keys).key("water.0")) == ENOKEY);
    CHECK(same(*made, *anonymise::KeyDirectory(keys, &wrap).key("water.0")));
}

TEST_CASE("keys that lay there as they were are wrapped and stay the same", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const auto made = anonymise::KeyDirectory(keys).key("water.0");
    std::filesystem::create_hard_link(keys + "/water.0.key", directory.file("kept"));
    const anonymise::KeyWrap wrap(key_of(1));
    const auto wrapped = anonymise::KeyDirectory(keys, &wrap).key("water.0");
    REQUIRE((made && wrapped));
    CHECK(same(*made, *wrapped));
    CHECK_FALSE(std::filesystem::exists(keys + "/water.0.key"));
    CHECK(tests::support::read_file(directory.file("kept")) == std::string(32, '\0'));
    CHECK(same(*made, *anonymise::KeyDirectory(keys, &wrap).key("water.0")));
}

TEST_CASE("a plain key that a power cut left beside the wrapped one is destroyed", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const std::string plain = keys + "/water.0.key";
    const auto made = anonymise::KeyDirectory(keys).key("water.0");
    const std::string bytes = tests::support::read_file(plain);
    const anonymise::KeyWrap wrap(key_of(1));
    REQUIRE(anonymise::KeyDirectory(keys, &wrap).key("water.0"));
    std::ofstream(plain, std::ios::binary) << bytes;
    ::chmod(plain.c_str(), 0600);
    std::filesystem::create_hard_link(plain, directory.file("kept"));
    const auto found = anonymise::KeyDirectory(keys, &wrap).find("water.0");
    REQUIRE((found && *found));
    CHECK(same(**found, *made));
    CHECK_FALSE(std::filesystem::exists(plain));
    CHECK(tests::support::read_file(directory.file("kept")) == std::string(32, '\0'));
}

TEST_CASE("keys that nobody asks for any more are wrapped as well", "[anonymise]") {
    const TemporaryDirectory directory;
    const std::string keys = directory.file("keys");
    const anonymise::KeyWrap wrap(key_of(1));
    CHECK(anonymise::wrap_plain_keys(keys, wrap));  // there is none
    REQUIRE(anonymise::KeyDirectory(keys).key("water.0"));
    REQUIRE(anonymise::KeyDirectory(keys).key("water.1"));
    std::filesystem::copy_file(keys + "/water.0.key", keys + "/w.window");
    std::ofstream(keys + "/torn.window") << "x";
    ::chmod((keys + "/torn.window").c_str(), 0600);
    std::filesystem::create_directory(keys + "/segments");
    std::filesystem::copy_file(keys + "/water.0.key", keys + "/segments/1.1.1.segment");
    REQUIRE(anonymise::wrap_plain_keys(keys, wrap));
    for (const char* name : {"water.0.key", "water.1.key", "w.window", "segments/1.1.1.segment"}) {
        CHECK_FALSE(std::filesystem::exists(keys + "/" + name));
        CHECK(std::filesystem::exists(keys + "/" + name + ".wrapped"));
    }
    std::filesystem::copy_file(keys + "/water.0.key.wrapped", keys + "/water.2.key.wrapped");
    REQUIRE(anonymise::KeyDirectory(keys).key("water.3"));
    std::filesystem::copy_file(keys + "/water.3.key", keys + "/water.2.key");
    // The wrapped one was made for another name.
    CHECK_FALSE(anonymise::wrap_plain_keys(keys, wrap));
}
