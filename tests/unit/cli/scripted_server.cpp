#include "tests/unit/cli/scripted_server.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace tests {
namespace {

int listen_tcp(std::string& address) {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(own);
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&own), size) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&own), &size) == 0);
    address = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
    return listener;
}

int listen_local(const std::string& path) {
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un own{};
    own.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof(own.sun_path));
    path.copy(own.sun_path, path.size());
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&own), sizeof(own)) == 0);
    REQUIRE(::listen(listener, 1) == 0);
    return listener;
}

}  // namespace

ScriptedServer::ScriptedServer(Kind kind, std::string path, std::string answer, Ending ending)
    : address_(std::move(path)), answer_(std::move(answer)), ending_(ending) {
    listener_ = kind == Kind::tcp ? listen_tcp(address_) : listen_local(address_);
    thread_ = std::thread{[this] { serve(); }};
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept() that nobody connected to
    if (thread_.joinable()) thread_.join();
    if (peer_ >= 0) ::close(peer_);
    ::close(listener_);
}

const std::string& ScriptedServer::request() {
    if (thread_.joinable()) thread_.join();
    return request_;
}

void ScriptedServer::serve() {
    peer_ = ::accept(listener_, nullptr, nullptr);
    if (peer_ < 0) return;
    std::array<char, 4096> chunk{};
    while (request_.find("\r\n\r\n") == std::string::npos) {
        const auto count = ::recv(peer_, chunk.data(), chunk.size(), 0);
        if (count <= 0) break;
        request_.append(chunk.data(), static_cast<std::size_t>(count));
    }
    std::string_view rest = answer_;
    while (!rest.empty()) {
        const auto sent = ::send(peer_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (ending_ == Ending::close) ::close(std::exchange(peer_, -1));
}

}  // namespace tests
