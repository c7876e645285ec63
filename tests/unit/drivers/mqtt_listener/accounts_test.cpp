#include "drivers/mqtt_listener/accounts.hpp"

#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace drivers::mqtt_listener;

namespace {

// "password" with the salt 0 to 15, at a cost of 2.
const std::string kHash =
    "$scrypt$ln=1,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct Fixture {
    gateway::model::Result<Accounts, Accounts::Fault> load(const std::string& text) const {
        return Accounts::load(directory.write("devices", text));
    }
    int line_of_fault(const std::string& text) const {
        const auto loaded = load(text);
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error().why == boost::system::errc::invalid_argument);
        return loaded.error().line;
    }
    tests::support::TemporaryDirectory directory;
};

}  // namespace

TEST_CASE_METHOD(Fixture, "accounts are found by name, letter by letter", "[listener]") {
    const auto accounts = load("# devices\n\npump-1:" + kHash + "\r\n\r\nPompe d’Ali:" + kHash);
    REQUIRE(accounts);
    REQUIRE(accounts->find("pump-1") != nullptr);
    CHECK(accounts->find("pump-1")->text() == kHash);
    CHECK(accounts->find("Pompe d’Ali") != nullptr);
    CHECK(accounts->find("Pump-1") == nullptr);
    CHECK(accounts->find("pump-1 ") == nullptr);
    CHECK(accounts->find("# devices") == nullptr);
    CHECK(accounts->find("") == nullptr);
}

TEST_CASE_METHOD(Fixture, "a file without accounts knows nobody", "[listener]") {
    for (const char* text : {"", "\n", "\r\n", "# nobody:yet\n"}) {
        const auto accounts = load(text);
        REQUIRE(accounts);
        CHECK(accounts->find("") == nullptr);
        CHECK(accounts->find("# nobody") == nullptr);
    }
}

TEST_CASE_METHOD(Fixture, "a bad line is told by its number", "[listener]") {
    const std::string good = "a:" + kHash + "\n";
    CHECK(line_of_fault("pump-1\n") == 1);
    CHECK(line_of_fault(good + "pump-1:\n") == 2);
    CHECK(line_of_fault(good + "\n# a comment\npump-1:password\n") == 4);
    CHECK(line_of_fault(good + ":" + kHash) == 2);
    CHECK(line_of_fault(good + "water/pump:" + kHash) == 2);
    CHECK(line_of_fault(good + "+:" + kHash) == 2);
    CHECK(line_of_fault(good + " " + kHash) == 2);
    CHECK(line_of_fault(good + "b:" + kHash + " ") == 2);
    CHECK(line_of_fault(good + std::string(129, 'n') + ":" + kHash) == 2);
    CHECK(line_of_fault(good + "b:" + kHash + std::string(512, 'x')) == 2);
}

TEST_CASE_METHOD(Fixture, "a name that is there twice is a bad line", "[listener]") {
    CHECK(line_of_fault("a:" + kHash + "\nb:" + kHash + "\na:" + kHash + "\n") == 3);
}

TEST_CASE_METHOD(Fixture, "a file that cannot be read has no line", "[listener]") {
    const auto missing = Accounts::load(directory.file("nowhere"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().why == boost::system::errc::no_such_file_or_directory);
    CHECK(missing.error().line == 0);
    const auto folder = Accounts::load(directory.path().string());
    REQUIRE_FALSE(folder);
    CHECK(folder.error().line == 0);
}

TEST_CASE_METHOD(Fixture, "a file over the bound is not read", "[listener]") {
    const std::string file = directory.write("devices", "");
    std::filesystem::resize_file(file, Accounts::kFileBytesMax + 1);
    const auto loaded = Accounts::load(file);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().why == boost::system::errc::file_too_large);
    // Of just the bound it is read, and its first line found wanting.
    std::filesystem::resize_file(file, Accounts::kFileBytesMax);
    CHECK(Accounts::load(file).error().line == 1);
}
