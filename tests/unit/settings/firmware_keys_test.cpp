// firmware_keys of [gateway]: whose updates of devices are offered.
#include "gateway/settings/firmware_keys.hpp"

#include "gateway/settings/openness.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;

namespace {

// Public keys that differ in their last character but one.
std::string key(char last) {
    return "3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" + std::string(1, last) + '=';
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

std::string with_keys(const std::string& value) {
    return sample::with("[gateway]\n", "[gateway]\nfirmware_keys = " + value + '\n');
}

// Of the first keys of the alphabet that have no bits to spare.
std::string list_of(std::size_t count) {
    std::string list;
    for (const char last : std::string("AEIMQ").substr(0, count)) list += quoted(key(last)) + ", ";
    return '[' + list + ']';
}

std::vector<std::string> keys_of(const std::string& text) {
    INFO(sample::diagnostics_of(text));
    const auto loaded = sample::load(text);
    REQUIRE(loaded.settings);
    return loaded.settings->gateway.firmware_keys;
}

}  // namespace

TEST_CASE("the keys that updates of devices are signed with are read", "[settings][firmware]") {
    CHECK(keys_of(std::string{sample::kConfiguration}).empty());
    CHECK(keys_of(with_keys("[]")).empty());
    CHECK(keys_of(with_keys(list_of(2))) == std::vector{key('A'), key('E')});
    CHECK(keys_of(with_keys(list_of(4))).size() == kFirmwareKeysMax);
}

TEST_CASE("what is no list of a few keys is refused at its place", "[settings][firmware]") {
    const auto said = [](const std::string& value) {
        const auto text = with_keys(value);
        CHECK_FALSE(sample::load(text).settings);
        return sample::diagnostics_of(text);
    };
    const std::string few = "write a list of at most 4 public keys\n";
    CHECK(said(quoted(key('A'))) == "f.toml:2:17: 'firmware_keys' is a text: " + few);
    CHECK(said(list_of(5)) == "f.toml:2:17: 'firmware_keys' is a list: " + few);
    CHECK(said("[7]") == "f.toml:2:18: 'firmware_keys' is a whole number: write a public key\n");
    const std::string no_key =
        "'firmware_keys' is not a public key: 32 bytes in base64: make a pair of keys with "
        "passerelle firmware keygen, and write the public one\n";
    for (const std::string& wrong :
         {std::string{}, key('A').substr(0, 43), key('A') + '=', key('B'), std::string(64, 'a')}) {
        INFO(wrong);
        CHECK(said('[' + quoted(wrong) + ']') == "f.toml:2:18: " + no_key);
        CHECK(
            said('[' + quoted(key('A')) + ", " + quoted(wrong) + ']') == "f.toml:2:66: " + no_key
        );
    }
}

TEST_CASE("no key of updates stands twice", "[settings][firmware]") {
    const auto text = with_keys('[' + quoted(key('A')) + ", " + quoted(key('A')) + ']');
    CHECK_FALSE(sample::load(text).settings);
    CHECK(
        sample::diagnostics_of(text) ==
        "f.toml:2:66: 'firmware_keys' has this key twice: remove it here, or write the other key "
        "that was meant\n"
    );
}

TEST_CASE("who signs updates of devices opens no personal data", "[settings][openness]") {
    const auto none = sample::load(sample::kConfiguration);
    const auto one = sample::load(with_keys(list_of(1)));
    const auto two = sample::load(with_keys(list_of(2)));
    REQUIRE((none.settings && one.settings && two.settings));
    CHECK(openings(*none.settings, *one.settings).empty());
    CHECK(openings(*one.settings, *two.settings).empty());
    CHECK(openings(*two.settings, *none.settings).empty());
}
