#include "gateway/doctor/serial_checks.hpp"

#include "gateway/doctor/access.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace gateway::doctor {
namespace {

using language::tr;

constexpr const char* kLine = "serial-line";
constexpr const char* kNodes = "serial-nodes";

// What a look at one line is about.
struct Line {
    const std::string& source;
    const settings::SerialPort& port;
};

Check broken(const std::string& finding, const std::string& remedy) {
    return {
        kLine,
        Severity::failure,
        finding,
        tr("What the nodes on this line measure does not arrive; they keep it as long as they have "
           "room."),
        remedy};
}

// 0, or the errno of what failed; the rate is the device's for as long as it takes.
int try_rate(int port, int baud) {
    termios before{};
    if (::tcgetattr(port, &before) != 0) return errno;
    termios line = before;
    const bool is_known = ::cfsetspeed(&line, static_cast<speed_t>(baud)) == 0;
    const bool is_taken = is_known && ::tcsetattr(port, TCSANOW, &line) == 0;
    termios after{};
    const bool is_so =
        is_taken && ::tcgetattr(port, &after) == 0 && ::cfgetospeed(&after) == ::cfgetospeed(&line);
    static_cast<void>(::tcsetattr(port, TCSANOW, &before));
    return is_so ? 0 : EINVAL;
}

// Without waiting for a modem, and without becoming its terminal.
int try_to_open(const settings::SerialPort& line) {
    const int port = ::open(line.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) return errno;
    const int failure = try_rate(port, line.baud);
    ::close(port);
    return failure;
}

Check opened(const Line& line) {
    const auto& [source, port] = line;
    const int failure = try_to_open(port);
    const std::string rate = std::to_string(port.baud);
    switch (failure) {
        case 0:
            return in_order(
                kLine,
                tr("The serial device {0} of {1} can be used at {2} baud.",
                   {port.device, source, rate})
            );
        case EACCES:
        case EPERM:
            return skipped(
                kLine, tr("You may not open {0}: run the doctor as root.", {port.device})
            );
        case EBUSY:
            return broken(
                tr("Another program has the serial device {0} of {1} for itself.",
                   {port.device, source}),
                tr("find it with: fuser -v {0}; stop it", {port.device})
            );
        case EINVAL:
            return broken(
                tr("The serial device {0} of {1} cannot have {2} baud.",
                   {port.device, source, rate}),
                tr("write another 'baud', here and into the nodes")
            );
        default:
            return broken(
                tr("The serial device {0} of {1} cannot be opened: {2}",
                   {port.device, source, language::failure_words({failure, std::system_category()})}
                ),
                tr("unplug the adapter and plug it in again; the kernel's messages (dmesg) say "
                   "more")
            );
    }
}

Check look_at(const Line& line, const Account& account) {
    const auto& [source, port] = line;
    struct stat status {};
    if (::stat(port.device.c_str(), &status) != 0) {
        return broken(
            tr("The serial device {0} of {1} is not there: {2}",
               {port.device, source, language::failure_words({errno, std::system_category()})}),
            tr("plug the adapter in; ls -l /dev/serial/by-id shows the names of those that are "
               "there")
        );
    }
    if (!S_ISCHR(status.st_mode)) {
        return broken(
            tr("{0} of {1} is no serial device.", {port.device, source}),
            tr("write the name that ls -l /dev/serial/by-id shows")
        );
    }
    if (is_hidden(account, port.device))
        return skipped(
            kLine,
            tr("Only root sees what may be done with {0}: run the doctor as root.", {port.device})
        );
    if (!may(account, port.device, R_OK | W_OK)) {
        return broken(
            tr("The account {0} may not open the serial device {1} of {2}.",
               {account.name, port.device, source}),
            tr("run systemctl edit passerelle, and write below [Service]: PrivateDevices=no, "
               "DevicePolicy=closed, DeviceAllow=char-ttyUSB rw (or char-ttyACM, char-ttyAMA, as "
               "the device is called), SupplementaryGroups=dialout; then run systemctl restart "
               "passerelle")
        );
    }
    return opened(line);
}

Check nodes(const Line& line, const observe::SourceReport& report) {
    const auto heard = report.connections;
    const auto listed = static_cast<std::uint64_t>(line.port.nodes.size());
    const std::uint64_t expected = line.port.bus ? listed : 1;
    if (heard >= expected)
        return in_order(
            kNodes, tr("The nodes of {0} are heard: {1}", {line.source, report.detail})
        );
    return {
        kNodes,
        Severity::warning,
        tr("Not every node of {0} is heard: {1}", {line.source, report.detail}),
        tr("What a node measures stays in it, as long as it has room."),
        tr("look at its supply, its wires (A and B exchanged?), the rate, and the address and name "
           "that are set in it")};
}

void look_at_both(
    const Line& line, const RunningGateway& running, const Account& account, Checks& checks
) {
    if (running.report) {
        const auto& sources = running.report->sources;
        const auto report = std::find_if(sources.begin(), sources.end(), [&](const auto& one) {
            return one.name == line.source;
        });
        if (report != sources.end() && report->connected) {
            checks.push_back(in_order(
                kLine,
                tr("The gateway has the serial device {0} of {1} open.",
                   {line.port.device, line.source})
            ));
            checks.push_back(nodes(line, *report));
            return;
        }
    }
    checks.push_back(look_at(line, account));
    checks.push_back(skipped(kNodes, tr("Only a running gateway knows.")));
}

}  // namespace

Checks check_serial_lines(
    const settings::Settings& settings, const RunningGateway& running, const Account& account
) {
    Checks checks;
    for (const auto& source : settings.sources) {
        if (const auto* port = std::get_if<settings::SerialPort>(&source.driver))
            look_at_both({source.name, *port}, running, account, checks);
    }
    return checks;
}

}  // namespace gateway::doctor
