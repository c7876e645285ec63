#include "gateway/status/listening_socket.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

namespace gateway::status {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

constexpr mode_t kSocketMode = 0660;

error_code last_failure() {
    return {errno, boost::system::system_category()};
}

std::string_view port_of(std::string_view listen) {
    return listen.substr(listen.rfind(':') + 1);
}

bool somebody_listens(const asio::any_io_executor& executor, const std::string& path) {
    stream_protocol::socket probe{executor};
    error_code failure;
    probe.connect(stream_protocol::endpoint{path}, failure);
    return !failure;
}

// Makes room for a new socket at `path`.
error_code remove_stale(const asio::any_io_executor& executor, const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0) return errno == ENOENT ? error_code{} : last_failure();
    if (!S_ISSOCK(status.st_mode) || somebody_listens(executor, path))
        return asio::error::address_in_use;
    return unlink(path.c_str()) == 0 ? error_code{} : last_failure();
}

// The mode of the socket before bind() is, less the umask, the mode of the file it makes: so the
// file is at no moment open to more than it should be.
error_code bind_with_mode(stream_protocol::acceptor& acceptor, const std::string& path) {
    if (fchmod(acceptor.native_handle(), kSocketMode) != 0) return last_failure();
    error_code failure;
    acceptor.bind(stream_protocol::endpoint{path}, failure);
    if (failure) return failure;
    return chmod(path.c_str(), kSocketMode) == 0 ? error_code{} : last_failure();
}

}  // namespace

std::string_view host_of(std::string_view listen) {
    std::string_view host = listen.substr(0, listen.rfind(':'));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return host;
}

model::Result<tcp::endpoint> parse_listen(std::string_view listen) {
    const std::string_view digits = port_of(listen);
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failed != std::errc{} || end != digits.data() + digits.size() || digits == listen)
        return error_code{asio::error::invalid_argument};
    std::string host{host_of(listen)};
    if (host == "localhost") host = "127.0.0.1";
    error_code failure;
    const auto address = asio::ip::make_address(host, failure);
    if (failure) return error_code{asio::error::invalid_argument};
    return tcp::endpoint{address, port};
}

model::Result<ListeningSocket> listen_on_tcp(
    const asio::any_io_executor& executor, const tcp::endpoint& endpoint
) {
    tcp::acceptor acceptor{executor};
    error_code failure;
    acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address{true}, failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(tcp::acceptor::max_listen_connections, failure);
    if (failure) return failure;
    return ListeningSocket{std::move(acceptor)};
}

model::Result<ListeningSocket> listen_on_unix(
    const asio::any_io_executor& executor, const std::string& path
) {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) return error_code{asio::error::name_too_long};
    error_code failure = remove_stale(executor, path);
    if (failure) return failure;
    stream_protocol::acceptor acceptor{executor};
    acceptor.open(stream_protocol{}, failure);
    if (!failure) failure = bind_with_mode(acceptor, path);
    if (!failure) acceptor.listen(stream_protocol::acceptor::max_listen_connections, failure);
    if (failure) return failure;
    return ListeningSocket{std::move(acceptor)};
}

}  // namespace gateway::status
