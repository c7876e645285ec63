#include "gateway/runtime/device_keys.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

using gateway::runtime::DeviceKeys;
using gateway::runtime::is_device_name;

namespace {

const std::string kKey = "0123456789abcdef";

class KeysFixture {
  public:
    boost::system::result<DeviceKeys, DeviceKeys::Fault> load(const std::string& text) const {
        return DeviceKeys::load(directory.write("keys", text));
    }
    tests::support::TemporaryDirectory directory;
};

}  // namespace

TEST_CASE_METHOD(KeysFixture, "a file of keys has one a line", "[runtime]") {
    const auto keys = load("# air\n\nair-1:" + kKey + "\nPompe d’Ali 2:" + kKey + "x\r\n");
    REQUIRE(keys.has_value());
    REQUIRE(keys->find("air-1") != nullptr);
    CHECK(keys->find("air-1")->bytes == kKey);
    CHECK(keys->find("Pompe d’Ali 2")->bytes == kKey + "x");
    CHECK(keys->find("air-2") == nullptr);
    CHECK(load("")->empty());
}

TEST_CASE_METHOD(KeysFixture, "a line that is no key is named", "[runtime]") {
    const std::string good = "a:" + kKey + "\n";
    const std::vector<std::string> lines{
        "a", "a:1234567", "a:" + std::string(65, 'k'), ":" + kKey, "a/b:" + kKey, "a:" + kKey};
    for (const std::string& bad : lines) {
        INFO(bad);
        const auto keys = load(good + bad + '\n');
        REQUIRE(keys.has_error());
        CHECK(keys.error().line == 2);
    }
}

TEST_CASE_METHOD(KeysFixture, "what cannot be read holds no keys", "[runtime]") {
    const auto missing = DeviceKeys::load(directory.file("none"));
    REQUIRE(missing.has_error());
    CHECK(missing.error().why == boost::system::errc::no_such_file_or_directory);
    CHECK(missing.error().line == 0);
    const auto file = directory.write("keys", "");
    std::filesystem::resize_file(file, DeviceKeys::kFileBytesMax + 1);
    CHECK(DeviceKeys::load(file).error().why == boost::system::errc::file_too_large);
}

TEST_CASE_METHOD(KeysFixture, "a device has its key as long as that is the same", "[runtime]") {
    DeviceKeys keys = *load("a:" + kKey + "\nb:" + kKey + "\nc:" + kKey + "\n");
    const auto a = keys.find("a")->version;
    const auto b = keys.find("b")->version;
    const auto c = keys.find("c")->version;
    keys.replace(*load("b:" + kKey + "x\na:" + kKey + "\n"));
    CHECK(keys.holds("a", a));
    CHECK_FALSE(keys.holds("b", b));
    CHECK_FALSE(keys.holds("c", c));
    // The former key again is another one: who had it was sent away.
    keys.replace(*load("b:" + kKey + "\n"));
    CHECK_FALSE(keys.holds("b", b));
}

TEST_CASE("what separates and matches the levels of a topic names nobody", "[runtime]") {
    CHECK(is_device_name("pump-1"));
    CHECK(is_device_name("Pompe d’Ali: 2"));
    CHECK(is_device_name(std::string(128, 'n')));
    for (const char* text : {"", "a/b", "+", "pump+", "#", "a#", "a\nb", "a\x7f", "a\x1f"})
        CHECK_FALSE(is_device_name(text));
    CHECK_FALSE(is_device_name(std::string(129, 'n')));
    CHECK_FALSE(is_device_name(std::string_view("a\0b", 3)));
}
