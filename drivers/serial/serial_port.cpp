#include "drivers/serial/serial_port.hpp"

#include <boost/system/error_code.hpp>
#include <fcntl.h>
#include <linux/serial.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

namespace drivers::serial {

using boost::system::error_code;
using gateway::model::Result;

namespace {

error_code last_failure() {
    return {errno, boost::system::system_category()};
}

Result<void> set_up(int port, int baud) {
    termios line{};
    if (::tcgetattr(port, &line) != 0) return last_failure();
    ::cfmakeraw(&line);
    constexpr tcflag_t kOff = CSTOPB | CRTSCTS | HUPCL;
    line.c_cflag &= ~kOff;
    line.c_cflag |= CREAD | CLOCAL;
    line.c_iflag |= IGNBRK;
    line.c_cc[VMIN] = 1;
    line.c_cc[VTIME] = 0;
    if (::cfsetspeed(&line, static_cast<speed_t>(baud)) != 0) return last_failure();
    if (::tcsetattr(port, TCSANOW, &line) != 0) return last_failure();
    ::tcflush(port, TCIOFLUSH);
    return {};
}

// The kernel's driver sets RTS while it sends.
Result<void> direct_by_rts(int port) {
    serial_rs485 direction{};
    direction.flags = SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND;
    if (::ioctl(port, TIOCSRS485, &direction) != 0) return last_failure();
    return {};
}

Result<void> prepare(int port, const gateway::settings::SerialPort& settings) {
    if (::ioctl(port, TIOCEXCL) != 0) return last_failure();
    if (auto done = set_up(port, settings.baud); !done) return done;
    return settings.rs485 ? direct_by_rts(port) : Result<void>{};
}

}  // namespace

Result<int> open_serial_port(const gateway::settings::SerialPort& settings) {
    const int port = ::open(settings.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (port < 0) return last_failure();
    if (const auto prepared = prepare(port, settings); !prepared) {
        ::close(port);
        return prepared.error();
    }
    return port;
}

}  // namespace drivers::serial
