#include "gateway/observe/process_figures.hpp"
#include "gateway/status/http_listener.hpp"
#include "tests/component/status/plain_client.hpp"
#include "tests/component/status/running_server.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using gateway::status::HttpListener;
using tests::status::PlainClient;
using tests::status::RunningServer;
using namespace std::chrono_literals;

namespace {

const gateway::settings::Status kOnTcp{"127.0.0.1:0", ""};
constexpr std::string_view kHealth = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kLastHealth =
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

std::string answer_to(const RunningServer& server, std::string_view bytes) {
    const PlainClient client{server.port()};
    client.send(bytes);
    return client.receive_all(3s);
}

bool is_alive(const RunningServer& server) {
    return answer_to(server, kLastHealth).starts_with("HTTP/1.1 200 OK\r\n");
}

}  // namespace

TEST_CASE("one connection carries many requests, also when they come at once", "[status]") {
    const RunningServer server{kOnTcp};
    const PlainClient client{server.port()};
    for (int i = 0; i < 100; ++i) {
        REQUIRE(client.send(kHealth));
        REQUIRE(client.receive_until("ok\n", 3s).starts_with("HTTP/1.1 200 OK\r\n"));
    }
    client.send(std::string{kHealth} + std::string{kHealth} + std::string{kLastHealth});
    const std::string answers = client.receive_all(3s);
    std::size_t count = 0;
    for (std::size_t at = 0; (at = answers.find("\r\n\r\nok\n", at)) != std::string::npos; ++at)
        ++count;
    CHECK(count == 3);
}

TEST_CASE("what is not HTTP gets a clear answer or none, and the server stays up", "[status]") {
    const RunningServer server{kOnTcp};
    CHECK(answer_to(server, "hello\r\n\r\n").starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(answer_to(server, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400 "));
    CHECK(answer_to(server, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: x\r\n\r\n")
              .starts_with("HTTP/1.1 400 "));
    CHECK(answer_to(server, "GET /\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .starts_with("HTTP/1.1 400 "));
    CHECK(answer_to(server, "GET / HTTP/1.1\r\nHost: localhost\r\nBad\x02Name: x\r\n\r\n")
              .starts_with("HTTP/1.1 400 "));
    CHECK(answer_to(server, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n")
              .starts_with("HTTP/1.1 400 "));
    CHECK(answer_to(server, "GET /healthz HTTP/1.0\r\n\r\n").starts_with("HTTP/1."));
    CHECK(is_alive(server));
}

TEST_CASE("a header past its bound is refused", "[status]") {
    const RunningServer server{kOnTcp};
    const std::string start = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
    const std::string huge(1'000'000, 'x');
    CHECK(answer_to(server, start + huge).starts_with("HTTP/1.1 431 "));
    std::string many = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    for (int i = 0; i < 10'000; ++i) many += "a: b\r\n";
    CHECK(answer_to(server, many).starts_with("HTTP/1.1 431 "));
    const std::string target(HttpListener::kHeaderBytesMax, 'x');
    CHECK(answer_to(server, "GET /" + target + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 431 "));
    CHECK(is_alive(server));
}

TEST_CASE("a body ends the connection: it cannot smuggle a second request", "[status]") {
    const RunningServer server{kOnTcp};
    const std::string inner{kHealth};
    const std::string with_length = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                                    std::to_string(inner.size()) + "\r\n\r\n" + inner;
    const std::string answer = answer_to(server, with_length);
    CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
    const std::string chunked = answer_to(
        server,
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
            inner
    );
    CHECK(chunked.find("HTTP/1.1", 1) == std::string::npos);
    CHECK(is_alive(server));
}

TEST_CASE("a client that sends a byte now and then is cut off in time", "[status][slow]") {
    const RunningServer server{kOnTcp};
    const PlainClient slow{server.port()};
    const auto start = std::chrono::steady_clock::now();
    const auto limit = HttpListener::kRequestTimeout + 5s;
    bool is_cut_off = false;
    for (std::size_t i = 0; !is_cut_off && std::chrono::steady_clock::now() - start < limit; ++i) {
        slow.send(kHealth.substr(i % (kHealth.size() - 4), 1));
        is_cut_off = slow.is_closed_within(250ms);
    }
    CHECK(is_cut_off);
    CHECK(std::chrono::steady_clock::now() - start < limit);
}

TEST_CASE("two hundred silent clients do not keep the others out", "[status]") {
    const RunningServer server{kOnTcp};
    std::vector<PlainClient> silent;
    for (int i = 0; i < 200; ++i) silent.emplace_back(server.port());
    const auto start = std::chrono::steady_clock::now();
    const PlainClient client{server.port()};
    client.send(kLastHealth);
    CHECK(client.receive_all(5s).starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("two hundred clients at once are all answered", "[status]") {
    const RunningServer server{kOnTcp};
    std::vector<PlainClient> clients;
    for (int i = 0; i < 200; ++i) {
        clients.emplace_back(server.port());
        REQUIRE(clients.back().send(kHealth));
    }
    for (const PlainClient& client : clients)
        CHECK(client.receive_until("ok\n", 5s).starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("stopping ends connections that wait, at once", "[status]") {
    RunningServer server{kOnTcp};
    const PlainClient silent{server.port()};
    const PlainClient half{server.port()};
    half.send("GET / HT");
    const PlainClient waiting{server.port()};
    waiting.send(kHealth);
    REQUIRE(waiting.receive_until("ok\n", 3s).ends_with("ok\n"));
    CHECK(server.stop() < 2s);
    CHECK(silent.is_closed_within(1s));
}

TEST_CASE("a server that is full stops at once all the same", "[status]") {
    RunningServer server{kOnTcp};
    std::vector<PlainClient> silent;
    for (int i = 0; i < 200; ++i) silent.emplace_back(server.port());
    CHECK(server.stop() < 2s);
}

TEST_CASE("random bytes and cut requests leave server, memory and files as they were", "[status]") {
    const RunningServer server{kOnTcp};
    REQUIRE(is_alive(server));
    const auto before = gateway::observe::read_process_figures();
    std::mt19937 random{42};  // NOLINT(cert-msc51-cpp): the same bytes every time
    std::uniform_int_distribution<int> byte{0, 255};
    for (int i = 0; i < 500; ++i) {
        std::string bytes{kHealth};
        for (int change = 0; change < 1 + i % 8; ++change)
            bytes[random() % bytes.size()] = static_cast<char>(byte(random));
        bytes.resize(random() % (bytes.size() + 1));
        const PlainClient client{server.port()};
        client.send(bytes);
    }
    CHECK(is_alive(server));
    const auto after = gateway::observe::read_process_figures();
    CHECK(after.open_files <= before.open_files + HttpListener::kConnectionsMax);
#ifndef __SANITIZE_ADDRESS__  // which keeps for a while what was given back
    CHECK(after.resident_bytes < before.resident_bytes + 16 * 1024 * 1024);
#endif
    CHECK(server.log.count("status-failed") == 0);
}
