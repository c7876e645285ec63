#include "gateway/doctor/port_checks.hpp"

#include "gateway/doctor/port_holder.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace gateway::doctor {
namespace {

using language::tr;

constexpr const char* kCode = "ports";
constexpr const char* kGateway = "passerelle";  // as the kernel names its process
constexpr const char* kStatus = "[status]";
constexpr std::uint16_t kUnprivileged = 1024;

// Binds for a moment; 0 or the errno of what failed.
int try_to_bind(const sockaddr* address, socklen_t size, bool is_udp) {
    const int type = (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
    const int number = ::socket(address->sa_family, type, 0);
    if (number < 0) return errno;
    const int on = 1;  // as the gateway does: what the last one left behind is no hindrance
    if (!is_udp) ::setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const int failure = ::bind(number, address, size) == 0 ? 0 : errno;
    ::close(number);
    return failure;
}

int try_to_bind(const settings::HostPort& where, bool is_udp) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(where.port);
    if (::inet_pton(AF_INET, where.host.c_str(), &v4.sin_addr) == 1)
        return try_to_bind(reinterpret_cast<const sockaddr*>(&v4), sizeof v4, is_udp);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(where.port);
    if (::inet_pton(AF_INET6, where.host.c_str(), &v6.sin6_addr) != 1) return EINVAL;
    return try_to_bind(reinterpret_cast<const sockaddr*>(&v6), sizeof v6, is_udp);
}

Check listening(const Port& port) {
    return in_order(kCode, tr("The gateway listens at {0} for {1}.", {port.address, port.of}));
}

// A gateway of another configuration, or one whose buffer has been taken from under it.
Check taken_by_gateway(const Port& port, const std::string& process) {
    return {
        kCode,
        Severity::warning,
        tr("The port {0} of {1} is held by a gateway (process {2}) that has not opened this "
           "configuration's buffer.",
           {port.address, port.of, process}),
        tr("A gateway with this configuration cannot listen there."),
        tr("see which configuration it runs with: systemctl status passerelle; name it to the "
           "doctor with --config")};
}

Check taken(const Port& port, const PortUse& use, const RunningGateway& running) {
    if (use.process && use.process == running.holder) return listening(port);
    if (!use.process && ::geteuid() != 0)
        return skipped(
            kCode,
            tr("{0} is in use; only root sees by whom: run the doctor as root.", {port.address})
        );
    const std::string process = use.process ? std::to_string(*use.process) : std::string{};
    if (use.name == kGateway) return taken_by_gateway(port, process);
    return {
        kCode,
        Severity::failure,
        process.empty()
            ? tr("The port {0} of {1} is taken by another program.", {port.address, port.of})
            : tr("The port {0} of {1} is taken by {2} (process {3}).",
                 {port.address, port.of, use.name, process}),
        tr("The gateway cannot listen there: what is sent to it does not arrive."),
        tr("stop that program (ss -lntup shows it), or write another port into the configuration "
           "and the devices")};
}

Check unbindable(const Port& port, int failure) {
    return {
        kCode,
        Severity::failure,
        tr("Nobody can listen at {0} for {1}: {2}",
           {port.address, port.of, language::failure_words({failure, std::system_category()})}),
        tr("The gateway cannot listen there: what is sent to it does not arrive."),
        failure == EADDRNOTAVAIL
            ? tr("write an address of this machine (ip address shows them), or 0.0.0.0")
            : tr("correct the address in the configuration")};
}

// What the unit gives to the gateway nobody else can try.
Check privileged(const Port& port, const Account& account) {
    return {
        kCode,
        Severity::notice,
        tr("The port {0} of {1} is one that only a privileged program may have.",
           {port.address, port.of}),
        tr("The account {0} gets it only from its unit.", {account.name}),
        tr("write a port from 1024 on, or AmbientCapabilities=CAP_NET_BIND_SERVICE into the "
           "unit")};
}

Check untried(const Port& port, const Account& account) {
    const uid_t self = ::geteuid();
    if (self == 0 || self == account.user) return privileged(port, account);
    return skipped(
        kCode,
        tr("You may not listen at {0}; the gateway may: run the doctor as root.", {port.address})
    );
}

Check look_at(
    const Port& port, const RunningGateway& running, const Account& account, const std::string& proc
) {
    const auto where = settings::parse_listen(port.address);
    if (!where) return skipped(kCode, tr("{0} is no address.", {port.address}));
    const PortUse use = find_port_use(proc, *where, port.is_udp);
    if (use.is_taken) return taken(port, use, running);
    const int failure = try_to_bind(*where, port.is_udp);
    if (failure == EADDRINUSE) return taken(port, use, running);
    if (failure == EACCES) return untried(port, account);
    if (failure != 0) return unbindable(port, failure);
    const bool is_root = ::geteuid() == 0 && account.user != 0;
    if (is_root && where->port > 0 && where->port < kUnprivileged) return privileged(port, account);
    return in_order(kCode, tr("The port {0} of {1} is free.", {port.address, port.of}));
}

bool is_held_by_gateway(const Port& port, const RunningGateway& running) {
    if (!running.report) return false;
    if (port.of == kStatus) {
        const auto& problems = running.report->problems;
        return std::none_of(problems.begin(), problems.end(), [](const observe::Problem& one) {
            return one.code == "status-listen-failed";
        });
    }
    const auto& sources = running.report->sources;
    return std::any_of(sources.begin(), sources.end(), [&](const observe::SourceReport& source) {
        return source.name == port.of && source.connected;
    });
}

}  // namespace

std::vector<Port> ports_of(const settings::Settings& settings) {
    std::vector<Port> ports;
    const auto add = [&](const std::string& of, const std::string& address, bool is_udp) {
        if (!address.empty()) ports.push_back({of, address, is_udp});
    };
    for (const auto& source : settings.sources) {
        if (const auto* mqtt = std::get_if<settings::MqttListener>(&source.driver)) {
            add(source.name, mqtt->listen, false);
            add(source.name, mqtt->listen_secure, false);
        }
        if (const auto* coap = std::get_if<settings::CoapServer>(&source.driver)) {
            add(source.name, coap->listen, true);
            add(source.name, coap->listen_secure, true);
        }
    }
    add(kStatus, settings.status.listen, false);
    return ports;
}

Checks check_ports(
    const settings::Settings& settings,
    const RunningGateway& running,
    const Account& account,
    const std::string& proc
) {
    Checks checks;
    for (const Port& port : ports_of(settings)) {
        if (is_held_by_gateway(port, running)) {
            checks.push_back(listening(port));
        } else if (running.holder && !running.report) {
            checks.push_back(skipped(
                kCode,
                tr("A gateway is running that does not answer: it may have {0}.", {port.address})
            ));
        } else {
            checks.push_back(look_at(port, running, account, proc));
        }
    }
    if (checks.empty()) checks.push_back(skipped(kCode, tr("The gateway listens nowhere.")));
    return checks;
}

}  // namespace gateway::doctor
