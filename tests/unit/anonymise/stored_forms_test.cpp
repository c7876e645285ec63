#include "gateway/anonymise/stored_forms.hpp"

#include "gateway/anonymise/key_names.hpp"
#include "gateway/anonymise/pseudonym.hpp"
#include "policy_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace gateway;
using namespace gateway::anonymise;
using namespace tests;
using Texts = std::vector<std::string>;

namespace {

settings::Dataset dataset() {
    settings::Dataset made;
    made.name = "water";
    made.fields = {
        {"device", settings::Pseudonym{}},
        {"phone", settings::Pseudonym{.form = settings::Form::phone, .country = "216"}},
        {"account", settings::Keep{}},
        {"location", settings::Grid{}},
        {"owner", settings::Drop{}}};
    return made;
}

}  // namespace

TEST_CASE("an identity has a pseudonym under every key of its dataset", "[anonymise]") {
    FixedKeys keys;
    const Texts names{
        "consents",
        "sessions",
        "water.0.0",
        "water.2.86400.1",
        "water.86400.1",
        "water.86400.22",
        "water.86400.x",
        "waterworks.86400.1"};
    const auto forms = stored_forms(dataset(), "device", "m-1", names, keys);
    REQUIRE(forms);
    CHECK(keys.asked == Texts{"water.0.0", "water.86400.1", "water.86400.22"});
    REQUIRE(forms->size() == 3);
    const auto key = keys.key("water.86400.22");
    CHECK(forms->back() == Pseudonymiser(*key).pseudonym("device", "m-1"));
    // An attribute is JSON, and the same in every spelling.
    const auto phone = stored_forms(dataset(), "phone", "71 908 172", names, keys);
    CHECK(*phone == *stored_forms(dataset(), "phone", "+216 71908172", names, keys));
    CHECK(phone->front().starts_with('"'));
}

TEST_CASE("a kept identity is itself, as a text or as a number", "[anonymise]") {
    FixedKeys keys;
    CHECK(*stored_forms(dataset(), "account", "4711", {}, keys) == Texts{"\"4711\"", "4711"});
    CHECK(*stored_forms(dataset(), "account", "A 1", {}, keys) == Texts{"\"A 1\""});
}

TEST_CASE("what no rule keeps cannot be found", "[anonymise]") {
    FixedKeys keys;
    for (const char* field : {"location", "owner", "unknown"}) {
        CHECK_FALSE(stored_forms(dataset(), field, "x", {}, keys));
        CHECK_FALSE(identity_under(dataset(), field, "x"));
    }
    CHECK_FALSE(stored_forms(dataset(), "phone", "no number", {}, keys));
    keys.fail = true;
    const Texts names{"water.0.0"};
    CHECK_FALSE(stored_forms(dataset(), "device", "m-1", names, keys));
}

TEST_CASE("keys are listed by their names, whatever form they have", "[anonymise]") {
    const support::TemporaryDirectory directory;
    for (const char* name :
         {"b.0.0.key",
          "a.0.0.key.wrapped",
          "b.0.0.key.wrapped",
          "c.0.0.key.new",
          "d.0.0.key.wrapped.new",
          "e.window",
          "f.window.wrapped",
          "sums.generation",
          "wrapping.cred"})
        directory.write(name, "");
    CHECK(*key_names(directory.path().string()) == Texts{"a.0.0", "b.0.0"});
    CHECK(key_names(directory.file("none"))->empty());
    CHECK_FALSE(key_names(directory.file("b.0.0.key")));  // no directory: it cannot be read
}

TEST_CASE("an identity has its pseudonyms whether its keys are wrapped or not", "[anonymise]") {
    const support::TemporaryDirectory directory;
    const std::string path = directory.file("keys");
    REQUIRE(KeyDirectory(path).key("water.86400.1"));
    const KeyWrap wrap{Key()};
    KeyDirectory keys(path, &wrap);
    REQUIRE(keys.key("water.86400.2"));
    const auto before = stored_forms(dataset(), "device", "m-1", *key_names(path), keys);
    REQUIRE(before);
    CHECK(before->size() == 2);
    CHECK(std::filesystem::exists(path + "/water.86400.1.key.wrapped"));
    CHECK(*stored_forms(dataset(), "device", "m-1", *key_names(path), keys) == *before);
}
