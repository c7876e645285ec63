#include "gateway/doctor/network_checks.hpp"

#include "gateway/doctor/small_file.hpp"
#include "gateway/language/translate.hpp"

#include <sstream>
#include <string>

namespace gateway::doctor {
namespace {

using language::tr;

// /proc/net/route: interface, destination, gateway, flags … in hexadecimal; the default is to 0.
std::string default_route(const std::string& proc) {
    std::istringstream lines(read_small_file(proc + "/net/route").value_or(""));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string interface;
        std::string destination;
        if (words >> interface >> destination && destination == "00000000") return interface;
    }
    return {};
}

// /proc/net/ipv6_route: destination, its prefix length, …, interface last. The kernel has a route
// to nowhere by lo as well.
std::string default_route_v6(const std::string& proc) {
    const std::string everywhere = std::string(32, '0') + " 00 ";
    std::istringstream lines(read_small_file(proc + "/net/ipv6_route").value_or(""));
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(everywhere)) continue;
        std::string interface = line.substr(line.rfind(' ') + 1);
        if (interface != "lo") return interface;
    }
    return {};
}

Check route(const NetworkNeeds& needs, const std::string& proc) {
    constexpr const char* kCode = "network-route";
    std::string interface = default_route(proc);
    if (interface.empty()) interface = default_route_v6(proc);
    if (!interface.empty())
        return in_order(kCode, tr("Other networks are reached by {0}.", {interface}));
    return {
        kCode,
        needs.other_machines ? Severity::failure : Severity::notice,
        tr("The box knows no way to other networks (no default route)."),
        tr("Neither recipients nor brokers elsewhere are reached; readings wait in the buffer."),
        tr("look at the network (ip link, ip route), at the modem, its SIM card and its antenna")};
}

Check name_servers(const NetworkNeeds& needs, const std::string& file) {
    constexpr const char* kCode = "name-servers";
    std::istringstream lines(read_small_file(file).value_or(""));
    std::string servers;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key;
        std::string server;
        if (words >> key >> server && key == "nameserver")
            servers.append(servers.empty() ? "" : ", ").append(server);
    }
    if (!servers.empty()) return in_order(kCode, tr("Names are asked of {0}.", {servers}));
    return {
        kCode,
        needs.names ? Severity::failure : Severity::notice,
        tr("{0} names no server of names.", {file}),
        tr("No name of a recipient or broker can be found."),
        tr("correct the network's configuration (DHCP, /etc/resolv.conf; nmcli and resolvectl "
           "status show it)")};
}

}  // namespace

Checks check_network(const NetworkNeeds& needs, const Places& places) {
    return {route(needs, places.proc), name_servers(needs, places.resolver)};
}

}  // namespace gateway::doctor
