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

// The length of the body that a request announces.
std::size_t body_bytes(const std::string& head) {
    constexpr std::string_view kMember = "Content-Length: ";
    const auto at = head.find(kMember);
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + kMember.size()));
}

bool is_whole(const std::string& request) {
    constexpr std::string_view kEnd = "\r\n\r\n";
    const auto end = request.find(kEnd);
    return end != std::string::npos && request.size() >= end + kEnd.size() + body_bytes(request);
}

}  // namespace

std::string http_answer(const std::string& body, const std::string& status) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

ScriptedServer::ScriptedServer(
    Kind kind, std::string path, std::vector<std::string> answers, Ending ending
)
    : address_(std::move(path)), answers_(std::move(answers)), ending_(ending) {
    listener_ = kind == Kind::tcp ? listen_tcp(address_) : listen_local(address_);
    thread_ = std::thread{[this] { serve(); }};
}

ScriptedServer::ScriptedServer(Kind kind, std::string path, std::string answer, Ending ending)
    : ScriptedServer(kind, std::move(path), std::vector{std::move(answer)}, ending) {}

ScriptedServer::~ScriptedServer() {
    stop();
    if (peer_ >= 0) ::close(peer_);
    ::close(listener_);
}

const std::vector<std::string>& ScriptedServer::requests() {
    stop();
    return requests_;
}

void ScriptedServer::stop() {
    ::shutdown(listener_, SHUT_RDWR);  // ends an accept() that nobody connects to
    if (thread_.joinable()) thread_.join();
}

void ScriptedServer::serve() {
    for (const std::string& text : answers_) {
        if (!answer(text)) break;
        const bool is_last = &text == &answers_.back();
        if (!is_last || ending_ == Ending::close) ::close(std::exchange(peer_, -1));
    }
    // Left in the queue, who comes next would wait for an answer.
    for (int next = 0; (next = ::accept(listener_, nullptr, nullptr)) >= 0;) ::close(next);
}

// False when nobody asks any more.
bool ScriptedServer::answer(const std::string& text) {
    peer_ = ::accept(listener_, nullptr, nullptr);
    if (peer_ < 0) return false;
    std::string& request = requests_.emplace_back();
    std::array<char, 4096> chunk{};
    while (!is_whole(request)) {
        const auto count = ::recv(peer_, chunk.data(), chunk.size(), 0);
        if (count <= 0) break;
        request.append(chunk.data(), static_cast<std::size_t>(count));
    }
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto sent = ::send(peer_, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace tests
