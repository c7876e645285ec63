#include "tests/support/loopback_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace tests::support {

namespace {

class Socket {
  public:
    Socket() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
    }
    ~Socket() { close(descriptor_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int descriptor() const { return descriptor_; }

  private:
    int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

}  // namespace

std::uint16_t free_port() {
    const Socket socket;
    auto address = loopback(0);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(socket.descriptor(), generic, size) != 0 ||
        getsockname(socket.descriptor(), generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "bind");
    }
    return ntohs(address.sin_port);
}

bool is_listening(std::uint16_t port) {
    const Socket socket;
    auto address = loopback(port);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    return connect(socket.descriptor(), generic, sizeof(address)) == 0;
}

}  // namespace tests::support
