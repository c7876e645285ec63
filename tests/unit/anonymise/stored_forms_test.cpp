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
        {"tenant", settings::Pseudonym{.epoch = settings::seconds{0}, .is_token = true}},
        {"owner", settings::Drop{}}};
    return made;
}

model::Result<std::optional<std::string>> no_token(const Pseudonymiser::Fingerprint&) {
    return std::optional<std::string>{};
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
    const auto forms = stored_forms(dataset(), "device", "m-1", {names, keys, no_token});
    REQUIRE(forms);
    CHECK(keys.asked == Texts{"water.0.0", "water.86400.1", "water.86400.22"});
    REQUIRE(forms->size() == 3);
    const auto key = keys.key("water.86400.22");
    CHECK(forms->back() == Pseudonymiser(*key).pseudonym("device", "m-1"));
    // An attribute is JSON, and the same in every spelling.
    const auto phone = stored_forms(dataset(), "phone", "71 908 172", {names, keys, no_token});
    CHECK(*phone == *stored_forms(dataset(), "phone", "+216 71908172", {names, keys, no_token}));
    CHECK(phone->front().starts_with('"'));
}

TEST_CASE("a kept identity is itself, as a text or as a number", "[anonymise]") {
    FixedKeys keys;
    CHECK(
        *stored_forms(dataset(), "account", "4711", {{}, keys, no_token}) ==
        Texts{"\"4711\"", "4711"}
    );
    CHECK(*stored_forms(dataset(), "account", "A 1", {{}, keys, no_token}) == Texts{"\"A 1\""});
}

TEST_CASE("what no rule keeps cannot be found", "[anonymise]") {
    FixedKeys keys;
    for (const char* field : {"location", "owner", "unknown"}) {
        CHECK_FALSE(stored_forms(dataset(), field, "x", {{}, keys, no_token}));
        CHECK_FALSE(identity_under(dataset(), field, "x"));
    }
    CHECK_FALSE(stored_forms(dataset(), "phone", "no number", {{}, keys, no_token}));
    keys.fail = true;
    const Texts names{"water.0.0"};
    CHECK_FALSE(stored_forms(dataset(), "device", "m-1", {names, keys, no_token}));
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
    const auto before =
        stored_forms(dataset(), "device", "m-1", {*key_names(path), keys, no_token});
    REQUIRE(before);
    CHECK(before->size() == 2);
    CHECK(std::filesystem::exists(path + "/water.86400.1.key.wrapped"));
    CHECK(*stored_forms(dataset(), "device", "m-1", {*key_names(path), keys, no_token}) == *before);
}

TEST_CASE("a token is looked up in the vault by a keyed fingerprint", "[anonymise]") {
    FixedKeys keys;
    const auto key = keys.key("water.tokens");
    const auto known = Pseudonymiser(*key).fingerprint("tenant", "Mme Ben Salah");
    const TokenFinder find = [&](const Pseudonymiser::Fingerprint& identity) {
        const auto token = identity == known ? std::optional<std::string>{"abc"} : std::nullopt;
        return model::Result<std::optional<std::string>>{token};
    };
    CHECK(
        *stored_forms(dataset(), "tenant", "Mme Ben Salah", {{}, keys, find}) == Texts{"\"abc\""}
    );
    CHECK(stored_forms(dataset(), "tenant", "M. Ben Salah", {{}, keys, find})->empty());
    const TokenFinder fail = [](const Pseudonymiser::Fingerprint&) {
        return model::Result<std::optional<std::string>>{
            make_error_code(boost::system::errc::io_error)};
    };
    const auto failed = stored_forms(dataset(), "tenant", "Mme Ben Salah", {{}, keys, fail});
    REQUIRE_FALSE(failed);
    CHECK(failed.error().cause == model::Refusal::store_failed);
}
