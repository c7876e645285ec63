#include "gateway/doctor/socket_checks.hpp"
#include "tests/unit/doctor/found.hpp"

#include <grp.h>
#include <unistd.h>

using gateway::doctor::Account;
using gateway::doctor::check_socket;
using gateway::doctor::Severity;
using tests::found;

namespace {

gateway::settings::Status status_of(const std::string& group) {
    gateway::settings::Status status;
    status.socket = "/run/passerelle/status.sock";
    status.group = group;
    return status;
}

// The group of this process by its name.
const group& own_group() {
    const group* const entry = ::getgrgid(::getegid());
    REQUIRE(entry != nullptr);
    return *entry;
}

}  // namespace

TEST_CASE("where no group controls the gateway there is nothing to say", "[doctor]") {
    CHECK(check_socket(status_of(""), Account{}).empty());
}

TEST_CASE("a group that is not there is found, and how to make it", "[doctor]") {
    const auto check = found(check_socket(status_of("no-such-group"), {}), "status-group");
    CHECK(check.severity == Severity::warning);
    CHECK(check.finding.find("no-such-group") != std::string::npos);
    CHECK(check.remedy.find("groupadd no-such-group") != std::string::npos);
}

TEST_CASE("the gateway must be in the group that it gives the socket to", "[doctor]") {
    const auto status = status_of(own_group().gr_name);
    const Account stranger{12345, {own_group().gr_gid + 1}, "passerelle"};
    const auto check = found(check_socket(status, stranger), "status-group");
    CHECK(check.severity == Severity::warning);
    CHECK(check.remedy.find("usermod -aG") != std::string::npos);
    const Account member{12345, {own_group().gr_gid}, "passerelle"};
    CHECK(found(check_socket(status, member), "status-group").severity == Severity::ok);
    const Account root{0, {}, "root"};
    CHECK(found(check_socket(status, root), "status-group").severity == Severity::ok);
}
