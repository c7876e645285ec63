#include "gateway/runtime/password_hash.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <set>

using namespace gateway::runtime;

namespace {

// Computed by RFC 7914's own steps, without OpenSSL, in a program that gives the RFC's first test
// vector (section 12). Its vectors themselves have other salts than the 16 bytes of our form.
constexpr const char* kPleaseLetMeIn =
    "$scrypt$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$pcPq4nD/+iCP8k2qgUh9dr51tvuQmyA1aEFHpVP3bo4";
constexpr const char* kInParallel =
    "$scrypt$ln=3,r=2,p=2$AAECAwQFBgcICQoLDA0ODw$OsZYrhgz3dlZLxG2C+aiQoeS4HFUTT1iVRao4McImf8";

constexpr const char* kSalt = "AAECAwQFBgcICQoLDA0ODw";
constexpr const char* kHash = "pcPq4nD/+iCP8k2qgUh9dr51tvuQmyA1aEFHpVP3bo4";

bool is_form(
    const std::string& cost, const std::string& salt = kSalt, const std::string& hash = kHash
) {
    return PasswordHash::parse("$scrypt$" + cost + "$" + salt + "$" + hash).has_value();
}

}  // namespace

TEST_CASE("a hash is what RFC 7914 makes of the password", "[runtime]") {
    const auto hash = PasswordHash::parse(kPleaseLetMeIn);
    REQUIRE(hash);
    CHECK(hash->matches("pleaseletmein"));
    CHECK_FALSE(hash->matches("pleaseletmeiN"));
    CHECK_FALSE(hash->matches("pleaseletmein "));
    CHECK_FALSE(hash->matches(""));
    const auto parallel = PasswordHash::parse(kInParallel);
    REQUIRE(parallel);
    CHECK(parallel->matches("Pompe d’Ali"));
    CHECK_FALSE(parallel->matches("pleaseletmein"));
}

TEST_CASE("a hash is written as it was read", "[runtime]") {
    CHECK(PasswordHash::parse(kPleaseLetMeIn)->text() == kPleaseLetMeIn);
    CHECK(PasswordHash::parse(kInParallel)->text() == kInParallel);
}

TEST_CASE("a new hash has its own salt and the default cost", "[runtime]") {
    const auto first = PasswordHash::of("sesame");
    const auto second = PasswordHash::of("sesame");
    REQUIRE((first && second));
    CHECK(first->text() != second->text());
    CHECK(first->text().starts_with("$scrypt$ln=12,r=8,p=1$"));
    const auto read = PasswordHash::parse(first->text());
    REQUIRE(read);
    CHECK(read->matches("sesame"));
    CHECK_FALSE(read->matches("Sesame"));
}

TEST_CASE("a password has no zero bytes", "[runtime]") {
    const auto empty = PasswordHash::of("");
    REQUIRE(empty);
    CHECK(empty->matches(""));
    CHECK_FALSE(empty->matches(std::string_view("\0", 1)));
    CHECK_FALSE(PasswordHash::of(std::string_view("a\0", 2)));
    const auto letter = PasswordHash::of("a");
    REQUIRE(letter);
    CHECK_FALSE(letter->matches(std::string_view("a\0", 2)));
}

TEST_CASE("a password over the bound has no hash and matches none", "[runtime]") {
    const std::string longest(PasswordHash::kPasswordBytesMax, 'x');
    const auto hash = PasswordHash::of(longest);
    REQUIRE(hash);
    CHECK(hash->matches(longest));
    CHECK_FALSE(hash->matches(longest + 'x'));
    CHECK_FALSE(PasswordHash::of(longest + 'x'));
}

TEST_CASE("a cost within the bounds is taken, beyond them refused", "[runtime]") {
    CHECK(is_form("ln=1,r=1,p=1"));
    CHECK(is_form("ln=16,r=8,p=4"));
    for (const char* cost :
         {"ln=17,r=8,p=1",
          "ln=0,r=8,p=1",
          "ln=-1,r=8,p=1",
          "ln=12,r=9,p=1",
          "ln=12,r=0,p=1",
          "ln=12,r=8,p=5",
          "ln=12,r=8,p=0",
          "ln=99999999999,r=8,p=1"}) {
        INFO(cost);
        CHECK_FALSE(is_form(cost));
    }
}

TEST_CASE("what is not just the form is refused", "[runtime]") {
    for (const char* cost :
         {"",
          "ln=12",
          "ln=12,r=8",
          "r=8,ln=12,p=1",
          "ln=12,r=8,p=1,",
          "ln=12,r=8,p=1,x=2",
          "ln=12 r=8 p=1",
          "ln=12r=8p=1",
          "ln=12,,r=8,p=1",
          "ln=,r=8,p=1",
          " ln=12,r=8,p=1",
          "ln=12,r=8,p=1 ",
          "ln=+12,r=8,p=1"}) {
        INFO(cost);
        CHECK_FALSE(is_form(cost));
    }
    const std::string salt = kSalt;
    const std::string hash = kHash;
    const std::string good = "ln=4,r=1,p=1";
    CHECK_FALSE(is_form(good, salt + "=="));
    CHECK_FALSE(is_form(good, salt.substr(1)));
    CHECK_FALSE(is_form(good, salt + "A"));
    CHECK_FALSE(is_form(good, salt.substr(1) + "!"));
    CHECK_FALSE(is_form(good, salt, hash.substr(1)));
    CHECK_FALSE(is_form(good, salt, hash + "="));
    CHECK_FALSE(is_form(good, salt, hash.substr(1) + "\n"));
    CHECK_FALSE(is_form(good, salt, hash.substr(1) + "$"));
    CHECK_FALSE(is_form(good, "", ""));
    for (const char* text : {"", "$", "$scrypt$", "sesame", "$2b$12$abc", "scrypt$ln=4,r=1,p=1$"})
        CHECK_FALSE(PasswordHash::parse(text));
    const std::string whole = kPleaseLetMeIn;
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(PasswordHash::parse(whole.substr(0, size)));
}

TEST_CASE("passwords that are made are 24 letters and digits, and each is new", "[runtime]") {
    std::set<std::string> made;
    std::set<char> letters;
    for (int i = 0; i < 200; ++i) {
        const auto password = random_password();
        REQUIRE(password);
        CHECK(password->size() == 24);
        letters.insert(password->begin(), password->end());
        made.insert(*password);
    }
    CHECK(made.size() == 200);
    CHECK(letters.size() == 62);
    CHECK(std::all_of(letters.begin(), letters.end(), [](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0;
    }));
}
