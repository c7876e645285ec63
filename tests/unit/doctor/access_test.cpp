#include "gateway/doctor/access.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/doctor/as_nobody.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdint>

using gateway::doctor::Account;
using gateway::doctor::first_forbidden;
using gateway::doctor::is_hidden;
using gateway::doctor::may;
using gateway::doctor::own_account;
using tests::found_as_nobody;
using tests::kNobody;
using tests::support::TemporaryDirectory;

namespace {

const Account kOther{kNobody, {kNobody}, "nobody"};

// An entry of an access list, as the kernel takes it (linux/posix_acl_xattr.h).
struct Entry {
    std::uint16_t tag;
    std::uint16_t rights;
    std::uint32_t id;
};
struct AccessList {
    std::uint32_t version;
    std::array<Entry, 5> entries;
};

// "user::rw-,user:nobody:r--,group::---,mask::r--,other::---"; false where the file system knows
// no lists.
bool let_nobody_read(const std::string& file) {
    constexpr std::uint32_t kNoId = ~0U;
    const AccessList list{
        2,
        {{{0x01, 6, kNoId},
          {0x02, 4, kNobody},
          {0x04, 0, kNoId},
          {0x10, 4, kNoId},
          {0x20, 0, kNoId}}}};
    return ::setxattr(file.c_str(), "system.posix_acl_access", &list, sizeof list, 0) == 0;
}

bool is_hidden_from_nobody(const std::string& file, const Account& account) {
    return found_as_nobody([&] { return is_hidden(account, file) ? 1 : 0; }) == 1;
}

}  // namespace

TEST_CASE("what this account may do is asked of the kernel", "[doctor]") {
    const TemporaryDirectory directory;
    const auto file = directory.write("file", "x");
    CHECK(may(own_account(), file, R_OK | W_OK));
    CHECK_FALSE(may(own_account(), file, X_OK));
    CHECK_FALSE(may(own_account(), directory.file("none"), F_OK));
    CHECK_FALSE(is_hidden(own_account(), file));
    CHECK(first_forbidden(own_account(), {file, directory.file("none")}, R_OK) == 1U);
    CHECK_FALSE(first_forbidden(own_account(), {}, R_OK));
}

TEST_CASE("what another account may do is told by owner, mode and the way there", "[doctor]") {
    const TemporaryDirectory directory;
    const auto file = directory.write("file", "x");
    ::chmod(file.c_str(), 0644);
    ::chmod(directory.path().c_str(), 0755);
    CHECK(may(kOther, file, R_OK));
    CHECK_FALSE(may(kOther, file, W_OK));
    CHECK(first_forbidden(kOther, {file, directory.path().string()}, W_OK) == 0U);
    ::chmod(directory.path().c_str(), 0700);
    CHECK_FALSE(may(kOther, file, R_OK));
    CHECK(may(own_account(), file, R_OK | W_OK));
}

TEST_CASE("groups count for an account", "[doctor]") {
    const TemporaryDirectory directory;
    ::chmod(directory.path().c_str(), 0755);
    const auto file = directory.write("secret", "x");
    ::chmod(file.c_str(), 0640);
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK_FALSE(may(kOther, file, R_OK));
    const Account member{4711, {status.st_gid}, "member"};
    CHECK(may(member, file, R_OK));
    CHECK_FALSE(may(member, file, W_OK));
    ::chmod(directory.path().c_str(), 0700);
    CHECK_FALSE(may(kOther, file, R_OK));
}

TEST_CASE("an access list counts, or nothing is said where it cannot be judged", "[doctor]") {
    const TemporaryDirectory directory;
    const auto file = directory.write("file", "x");
    ::chmod(file.c_str(), 0600);
    ::chmod(directory.path().c_str(), 0755);
    if (::geteuid() != 0) {
        WARN("becoming another account takes root");
        return;
    }
    CHECK_FALSE(may(kOther, file, R_OK));
    const Account third{1, {1}, "daemon"};
    CHECK_FALSE(is_hidden_from_nobody(file, third));
    if (!let_nobody_read(file)) {
        WARN("this file system knows no access lists");
        return;
    }
    CHECK(may(kOther, file, R_OK));
    CHECK_FALSE(may(kOther, file, W_OK));
    CHECK_FALSE(may(third, file, R_OK));  // though its mode has a group that reads: the mask
    CHECK(is_hidden_from_nobody(file, third));
    CHECK_FALSE(is_hidden_from_nobody(file, kOther));
}
