#include "gateway/key_protection.hpp"

#include "gateway/anonymise/key_store.hpp"
#include "gateway/runtime/key_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

using namespace gateway;
using namespace std::chrono_literals;
using tests::support::TemporaryDirectory;

namespace {

// A program in the place of systemd-creds.
class Machine {
  public:
    explicit Machine(const std::string& script) {
        program.path = directory.write("creds", "#!/bin/sh\n" + script);
        std::filesystem::permissions(program.path, std::filesystem::perms::owner_all);
        program.limit = 10s;
        settings.gateway.state_directory = directory.file("state");
        settings.privacy.keys = settings::KeyProtection::tpm2;
    }

    model::Result<anonymise::Key> key(std::string_view name) const {
        auto wrap = make_key_wrap(settings, program);
        REQUIRE(wrap);
        return anonymise::KeyDirectory(settings.gateway.state_directory + "/keys", wrap->get())
            .key(name);
    }

    TemporaryDirectory directory;
    SealingProgram program;
    settings::Settings settings;
};

// A double: it seals by turning the bytes around in base64, and remembers its arguments.
const std::string kDouble =
    "echo \"$@\" >>\"$(dirname \"$0\")/arguments\"\n"
    "case \"$1\" in encrypt) base64 | rev ;; decrypt) rev | base64 -d ;; *) exit 2 ;; esac\n";

// systemd-creds itself, with its key for machines that have no TPM: all but the chip.
const std::string kWithoutChip =
    "verb=$1; shift; for word in \"$@\"; do shift\n"
    "[ \"$word\" = --with-key=tpm2 ] && word=--with-key=tpm2-absent\n"
    "set -- \"$@\" \"$word\"; done\n"
    "exec /usr/bin/systemd-creds \"$verb\" \"$@\" 2>/dev/null\n";

bool same(const model::Result<anonymise::Key>& one, const model::Result<anonymise::Key>& other) {
    return one && other &&
           std::equal(one->bytes().begin(), one->bytes().end(), other->bytes().begin());
}

settings::Settings wrapped_by(const std::string& file, const TemporaryDirectory& directory) {
    settings::Settings settings;
    settings.gateway.state_directory = directory.file("state");
    settings.privacy.keys = settings::KeyProtection::wrapped;
    settings.privacy.wrapping_key = settings::Secret{file};
    return settings;
}

}  // namespace

TEST_CASE("the keys are the same after a restart of the same machine", "[app][keys]") {
    const Machine machine(kDouble);
    const auto made = machine.key("water.0");
    CHECK(same(made, machine.key("water.0")));
    CHECK_FALSE(same(made, machine.key("water.1")));
    const auto state = machine.directory.path() / "state/keys";
    CHECK(std::filesystem::exists(state / "wrapping.cred"));
    CHECK(std::filesystem::exists(state / "water.0.key.wrapped"));
    CHECK_FALSE(std::filesystem::exists(state / "water.0.key"));
    CHECK(std::filesystem::status(state).permissions() == std::filesystem::perms::owner_all);
    // Asked once to seal, and no secret in what every user of the machine can see.
    const auto told = tests::support::read_file(machine.directory.file("arguments"));
    CHECK(told.starts_with("encrypt --name=passerelle-keys --with-key=tpm2 - -\ndecrypt "));
    CHECK(told.find("encrypt", 1) == std::string::npos);
    CHECK(told.find("decrypt --name=passerelle-keys - -\n") != std::string::npos);
}

TEST_CASE("systemd-creds takes what it is given", "[app][keys]") {
    if (::access("/usr/bin/systemd-creds", X_OK) != 0) return;
    const Machine machine(kWithoutChip);
    CHECK(same(machine.key("water.0"), machine.key("water.0")));
}

TEST_CASE("a machine that cannot seal or unseal is told so", "[app][keys]") {
    for (const std::string& script :
         {std::string{"exit 1"},
          std::string{"cat >/dev/null"},
          std::string{"head -c 70000 /dev/zero"},
          std::string{"kill -9 $$"}}) {
        const Machine machine(script);
        const auto wrap = make_key_wrap(machine.settings, machine.program);
        REQUIRE_FALSE(wrap);
        CHECK(wrap.error().find("has-tpm2") != std::string::npos);
    }
    Machine none("exit 0");
    none.program.path = none.directory.file("nothing");
    CHECK_FALSE(make_key_wrap(none.settings, none.program));
}

TEST_CASE("a program that does not end is ended", "[app][keys]") {
    Machine machine("exec sleep 600");
    machine.program.limit = 100ms;
    const auto begin = std::chrono::steady_clock::now();
    const auto wrap = make_key_wrap(machine.settings, machine.program);
    REQUIRE_FALSE(wrap);
    CHECK(wrap.error().find("timed out") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

TEST_CASE("another machine's sealed key is not replaced by a new one", "[app][keys]") {
    Machine machine(kDouble);
    REQUIRE(machine.key("water.0"));
    const std::string sealed = machine.directory.file("state/keys/wrapping.cred");
    const auto before = tests::support::read_file(sealed);
    machine.directory.write("creds", "#!/bin/sh\n[ \"$1\" = encrypt ] && exec cat\nexit 1\n");
    CHECK_FALSE(make_key_wrap(machine.settings, machine.program));
    CHECK(tests::support::read_file(sealed) == before);
}

TEST_CASE("a wrapping key is read where the configuration says", "[app][keys]") {
    const TemporaryDirectory directory;
    const std::array<unsigned char, 32> bytes{1, 2, 3};
    const auto file = directory.write("wrapping", runtime::key_text(bytes) + "\n");
    const auto settings = wrapped_by(file, directory);
    const auto wrap = make_key_wrap(settings);
    REQUIRE((wrap && *wrap));
    for (const char* content : {"", "c2hvcnQ=", "no key at all"}) {
        const auto wrong = directory.write("wrong", content);
        const auto refused = make_key_wrap(wrapped_by(wrong, directory));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().find(wrong) != std::string::npos);
    }
    CHECK_FALSE(make_key_wrap(wrapped_by(directory.file("none"), directory)));
    const auto plain = make_key_wrap(settings::Settings{});
    REQUIRE(plain);
    CHECK_FALSE(*plain);
}
