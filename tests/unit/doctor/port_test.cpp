#include "gateway/doctor/port_checks.hpp"
#include "gateway/doctor/port_holder.hpp"
#include "gateway/doctor/small_file.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/unit/doctor/as_nobody.hpp"
#include "tests/unit/doctor/found.hpp"
#include "tests/unit/doctor/made_up_tree.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using gateway::doctor::Account;
using gateway::doctor::check_ports;
using gateway::doctor::find_port_use;
using gateway::doctor::own_account;
using gateway::doctor::RunningGateway;
using gateway::doctor::Severity;
using gateway::settings::Settings;
using tests::found;
using tests::found_as_nobody;
using tests::MadeUpTree;
using tests::severity_of;

namespace {

// A socket that listens at a free port of the loopback.
class Listener {
  public:
    Listener() : number_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(number_, plain, size) == 0);
        REQUIRE(::listen(number_, 1) == 0);
        REQUIRE(::getsockname(number_, plain, &size) == 0);
        port_ = ntohs(address.sin_port);
    }
    ~Listener() { ::close(number_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const { return port_; }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  private:
    int number_;
    std::uint16_t port_ = 0;
};

Settings listening_at(const std::string& address) {
    gateway::settings::MqttListener listener;
    listener.listen = address;
    Settings settings;
    settings.status.listen.clear();
    settings.sources.push_back({"meters", "", {}, 1, {}, listener});
    return settings;
}

// The tables of a kernel where process 812 listens at 127.0.0.1:1883, and at [::]:1884.
void make_holder(const MadeUpTree& tree, const char* name) {
    const std::string rest = " 0:0 0A 0:0 0:0 0 0 0 ";
    tree.write("proc/net/tcp", "sl\n0: 0100007F:075B" + rest + "4242\n");
    tree.write("proc/net/tcp6", "sl\n0: " + std::string(32, '0') + ":075C" + rest + "4243\n");
    tree.write("proc/812/comm", name);
    tree.make("proc/812/fd");
    for (const char* inode : {"4242", "4243"})
        std::filesystem::create_symlink(
            std::string("socket:[") + inode + ']', tree.path(std::string("proc/812/fd/") + inode)
        );
}

const Account kService{4711, {4711}, "service"};

}  // namespace

TEST_CASE("a port that another has is named, with who has it", "[doctor]") {
    const Listener other;
    const auto checks = check_ports(listening_at(other.address()), {}, own_account(), "/proc");
    const auto check = found(checks, "ports");
    CHECK(check.severity == Severity::failure);
    CHECK(check.finding.find("(process " + std::to_string(::getpid()) + ')') != std::string::npos);
    const gateway::settings::HostPort where{"127.0.0.1", other.port()};
    CHECK_FALSE(find_port_use("/proc", where, true).process);
}

TEST_CASE("a free port is in order, one of another machine is not", "[doctor]") {
    const auto free = "127.0.0.1:" + std::to_string(tests::support::free_port());
    CHECK(
        severity_of(check_ports(listening_at(free), {}, own_account(), "/proc"), "ports") ==
        Severity::ok
    );
    const auto elsewhere = check_ports(listening_at("192.0.2.1:1883"), {}, own_account(), "/proc");
    CHECK(severity_of(elsewhere, "ports") == Severity::failure);
}

TEST_CASE("a gateway that has its port is believed", "[doctor]") {
    const Listener its_own;
    RunningGateway running;
    running.report.emplace().sources.push_back({});
    running.report->sources.front().name = "meters";
    running.report->sources.front().connected = true;
    const auto look = [&] {
        return severity_of(
            check_ports(listening_at(its_own.address()), running, own_account(), "/proc"), "ports"
        );
    };
    CHECK(look() == Severity::ok);
    running.report->sources.front().connected = false;
    CHECK(look() == Severity::failure);
    running.report.reset();
    running.holder = 1;
    CHECK(look() == Severity::skipped);
}

TEST_CASE("the kernel's tables say who has a port, by address", "[doctor]") {
    const MadeUpTree tree;
    make_holder(tree, "mosquitto\n");
    const auto use = [&](const char* host, std::uint16_t port) {
        return find_port_use(tree.path("proc"), {host, port}, false);
    };
    CHECK(use("127.0.0.1", 1883).is_taken);
    CHECK(use("127.0.0.1", 1883).process == 812);
    CHECK(use("127.0.0.1", 1883).name == "mosquitto");
    CHECK(use("0.0.0.0", 1883).is_taken);
    CHECK_FALSE(use("127.0.0.2", 1883).process);
    CHECK_FALSE(use("127.0.0.1", 1885).is_taken);
    CHECK(use("::1", 1884).is_taken);
    CHECK_FALSE(use("127.0.0.1", 1884).is_taken);  // it may be of IPv6 alone
    CHECK(use("127.0.0.1", 1884).process == 812);
    CHECK_FALSE(find_port_use(tree.path("proc"), {"127.0.0.1", 1883}, true).process);
}

TEST_CASE("nobody is told to stop the gateway", "[doctor]") {
    const MadeUpTree tree;
    make_holder(tree, "passerelle\n");
    RunningGateway running;
    running.report.emplace();
    const auto look = [&] {
        const auto settings = listening_at("127.0.0.1:1883");
        return found(check_ports(settings, running, own_account(), tree.path("proc")), "ports");
    };
    CHECK(look().severity == Severity::warning);
    CHECK(look().remedy.find("stop that") == std::string::npos);
    running.holder = 812;
    CHECK(look().severity == Severity::ok);
}

TEST_CASE("who is not root is not told that a port is bad", "[doctor]") {
    if (::geteuid() != 0) {
        WARN("being somebody else takes root");
        return;
    }
    const auto look = [](const std::string& address) {
        return found_as_nobody([&] {
            const auto checks = check_ports(listening_at(address), {}, kService, "/proc");
            return static_cast<int>(checks.front().severity);
        });
    };
    const Listener of_root;
    CHECK(look(of_root.address()) == static_cast<int>(Severity::skipped));
    const auto first =
        gateway::doctor::read_number("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    if (first.value_or(0) < 1024) {
        WARN("this kernel lets everybody have every port");
        return;
    }
    CHECK(look("127.0.0.1:1") == static_cast<int>(Severity::skipped));
}
