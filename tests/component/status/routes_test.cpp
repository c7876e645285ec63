#include "gateway/status/live_page.hpp"
#include "tests/component/status/plain_client.hpp"
#include "tests/component/status/running_server.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <sstream>

using tests::status::RunningServer;
using tests::support::TemporaryDirectory;
using namespace std::chrono_literals;

namespace {

const gateway::settings::Status kOnTcp{"127.0.0.1:0", ""};

// What curl says: the whole answer with its header.
std::string curl(std::vector<std::string> arguments) {
    const TemporaryDirectory directory;
    const std::string output = directory.file("answer");
    std::vector<std::string> command{"curl", "--silent", "--include", "--max-time", "10"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    CHECK(tests::support::run(command, output) == 0);
    return tests::support::read_file(output);
}

bool has(const std::string& answer, std::string_view text) {
    return answer.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("every route answers over TCP", "[status]") {
    const RunningServer server{kOnTcp};
    CHECK(has(curl({server.url("/")}), "text/html; charset=utf-8\r\n"));
    CHECK(has(curl({server.url("/notice")}), "<p>Water is measured here.</p>"));
    CHECK(has(curl({server.url("/history")}), "\"step_s\":10"));
    CHECK(has(curl({server.url("/healthz")}), "\r\n\r\nok\n"));
    CHECK(has(curl({server.url("/readyz")}), "HTTP/1.1 200 OK\r\n"));
    CHECK(has(curl({server.url("/status")}), "\"gateway\":\"tunis-bardo-07\""));
    const std::string metrics = curl({server.url("/metrics")});
    CHECK(
        has(metrics, "Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n")
    );
    CHECK(metrics.ends_with("# EOF\n"));
    CHECK(has(curl({server.url("/nothing")}), "HTTP/1.1 404 Not Found\r\n"));
}

TEST_CASE("every answer is protected and kept nowhere", "[status]") {
    const RunningServer server{kOnTcp};
    for (const char* path : {"/", "/status", "/metrics", "/nothing"}) {
        INFO(path);
        const std::string answer = curl({server.url(path)});
        CHECK(has(answer, "Content-Security-Policy: default-src 'none'; base-uri 'none'; "));
        CHECK(has(answer, "X-Content-Type-Options: nosniff\r\n"));
        CHECK(has(answer, "Cache-Control: no-store\r\n"));
        CHECK_FALSE(has(answer, "Access-Control-Allow-Origin"));
        CHECK_FALSE(has(answer, "Server:"));
        CHECK_FALSE(has(answer, "unsafe-"));
    }
}

TEST_CASE("HEAD is answered like GET, without the body", "[status]") {
    const RunningServer server{kOnTcp};
    const std::string answer = curl({"--head", server.url("/healthz")});
    CHECK(has(answer, "HTTP/1.1 200 OK\r\n"));
    CHECK(has(answer, "Content-Length: 3\r\n"));
    CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE(
    "other methods are refused with what is allowed, and their body is not read", "[status]"
) {
    const RunningServer server{kOnTcp};
    for (const char* method : {"POST", "DELETE", "OPTIONS", "BREW"}) {
        INFO(method);
        const std::string answer = curl({"--request", method, server.url("/status")});
        CHECK(has(answer, "HTTP/1.1 405 Method Not Allowed\r\n"));
        CHECK(has(answer, "Allow: GET, HEAD\r\n"));
    }
    const TemporaryDirectory directory;
    const std::string content = directory.write("content", std::string(60'000, 'x'));
    const std::string posted = curl({"--data-binary", "@" + content, server.url("/status")});
    CHECK(has(posted, "405 Method Not Allowed\r\n"));
    CHECK(has(posted, "Connection: close\r\n"));
}

TEST_CASE("readiness follows the store", "[status]") {
    RunningServer server{kOnTcp};
    server.view.able_to_store = false;
    CHECK(has(curl({server.url("/readyz")}), "HTTP/1.1 503 Service Unavailable\r\n"));
    CHECK(has(curl({server.url("/healthz")}), "HTTP/1.1 200 OK\r\n"));
    server.view.able_to_store = true;
    CHECK(has(curl({server.url("/readyz")}), "HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("a name that was rebound to the gateway is refused", "[status]") {
    const RunningServer server{kOnTcp};
    const std::string refused = curl({"--header", "Host: evil.example.org", server.url("/status")});
    CHECK(has(refused, "HTTP/1.1 421 Misdirected Request\r\n"));
    CHECK(has(refused, "hosts of [status]"));
    CHECK_FALSE(has(refused, "evil"));
    CHECK_FALSE(has(refused, "tunis"));
    CHECK(has(curl({"--header", "Host: localhost:9000", server.url("/status")}), "200 OK"));
}

TEST_CASE(
    "a name that the configuration gives is answered, with TLS before it or not", "[status]"
) {
    const RunningServer server{{"127.0.0.1:0", "", {"gateway.example.org"}}};
    const std::string own = "Host: gateway.example.org";
    CHECK(has(curl({"--header", own, server.url("/status")}), "HTTP/1.1 200 OK\r\n"));
    const std::string behind_tls = "Origin: https://gateway.example.org";
    CHECK(has(curl({"--header", own, "--header", behind_tls, server.url("/")}), " 200 OK\r\n"));
    const std::string other = "Host: other.example.org";
    CHECK(has(curl({"--header", other, server.url("/status")}), "HTTP/1.1 421 "));
}

TEST_CASE("a page from elsewhere is refused", "[status]") {
    const RunningServer server{kOnTcp};
    for (const char* origin : {"Origin: https://example.org", "Origin: null"}) {
        const std::string refused = curl({"--header", origin, server.url("/status")});
        CHECK(has(refused, "HTTP/1.1 403 Forbidden\r\n"));
        CHECK_FALSE(has(refused, "tunis"));
    }
    CHECK(has(curl({"--header", "Origin: http://localhost:8080", server.url("/")}), "200 OK"));
}

TEST_CASE("a client that takes gzip gets it", "[status]") {
    const RunningServer server{kOnTcp};
    const std::string packed = curl({"--compressed", server.url("/")});
    CHECK(has(packed, "Content-Encoding: gzip\r\n"));
    CHECK(has(packed, "<!doctype html>"));
    CHECK_FALSE(has(curl({server.url("/")}), "Content-Encoding"));
    CHECK_FALSE(has(curl({"--compressed", server.url("/healthz")}), "Content-Encoding"));
}

TEST_CASE("events come until the client leaves, to so many clients", "[status]") {
    using gateway::status::LivePage;
    const RunningServer server{kOnTcp};
    const std::string page = curl({server.url("/")});
    const std::size_t begin = page.find("data-version=\"") + 14;
    const std::string version = page.substr(begin, page.find('"', begin) - begin);
    const auto follow = [&](const std::string& after) {
        tests::status::PlainClient client{server.port()};
        client.send("GET /events?after=" + after + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client;
    };
    std::vector<tests::status::PlainClient> clients;
    for (std::size_t i = 0; i < LivePage::kFollowersMax; ++i) {
        clients.push_back(follow(version));
        const std::string head = clients.back().receive_until("\r\n\r\n", 10s);
        CHECK(has(head, "HTTP/1.1 200 OK\r\n"));
        CHECK(has(head, "Content-Type: text/event-stream\r\n"));
    }
    CHECK(has(follow(version).receive_all(10s), "HTTP/1.1 503 "));
    CHECK(has(clients.front().receive_until("\n\n", 30s), "\"parts\":{"));
    clients.clear();
    CHECK(has(curl({server.url("/healthz")}), "200 OK"));
}

TEST_CASE("a page of another run hears at once that it is old", "[status]") {
    const RunningServer server{kOnTcp};
    const tests::status::PlainClient client{server.port()};
    client.send("GET /events?after=1.1 HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 2.2\r\n\r\n");
    CHECK(has(client.receive_until("\n\n", 10s), "event: renew\n"));
    CHECK(has(curl({"--head", server.url("/events")}), "text/event-stream"));
}

TEST_CASE("a server stops while pages follow it", "[status]") {
    RunningServer server{kOnTcp};
    const tests::status::PlainClient client{server.port()};
    client.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.receive_until("\n\n", 10s);
    CHECK(server.stop() < 5s);
}

TEST_CASE("the unix socket has the same routes for owner and group", "[status]") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("status.sock");
    const mode_t umask_before = umask(0077);
    RunningServer server{{"", path}};
    umask(umask_before);
    CHECK(server.port() == 0);
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777U) == 0660);
    for (const char* route : {"/", "/healthz", "/readyz", "/metrics", "/status"}) {
        INFO(route);
        const std::string url = std::string{"http://gateway"} + route;
        CHECK(has(curl({"--unix-socket", path, url}), "HTTP/1.1 200 OK\r\n"));
    }
    server.stop();
    CHECK(stat(path.c_str(), &status) != 0);
}

TEST_CASE("a socket left behind is replaced", "[status]") {
    const TemporaryDirectory directory;
    const std::string path = directory.file("status.sock");
    const int stale = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    close(stale);
    const RunningServer server{{"", path}};
    CHECK(has(curl({"--unix-socket", path, "http://gateway/healthz"}), "200 OK"));
}

TEST_CASE("what is not a socket, or is in use, is not replaced", "[status]") {
    const TemporaryDirectory directory;
    const std::string file = directory.write("precious", "content");
    CHECK_THROWS(RunningServer{{"", file}});
    CHECK(tests::support::read_file(file) == "content");
    const std::string path = directory.file("status.sock");
    const RunningServer first{{"", path}};
    CHECK_THROWS(RunningServer{{"", path}});
    CHECK(has(curl({"--unix-socket", path, "http://gateway/healthz"}), "200 OK"));
}

TEST_CASE("an address that cannot be listened on is an error that the log tells", "[status]") {
    const RunningServer first{kOnTcp};
    boost::asio::io_context reactor;
    const tests::status::SampleView view;
    gateway::observe::MemoryLog log;
    const std::string taken = "127.0.0.1:" + std::to_string(first.port());
    for (const std::string& listen :
         {taken, std::string{"nonsense"}, std::string{"192.0.2.1:80"}}) {
        INFO(listen);
        const gateway::settings::Status settings{listen, ""};
        gateway::status::StatusServer second{reactor.get_executor(), settings, view, log};
        CHECK(second.start().has_error());
    }
    CHECK(log.count("status-listen-failed") == 3);
    const gateway::settings::Status settings{"", "/nowhere/" + std::string(200, 'x')};
    gateway::status::StatusServer fourth{reactor.get_executor(), settings, view, log};
    CHECK(fourth.start().has_error());
}

TEST_CASE("listening on the network is allowed, with a warning", "[status]") {
    const RunningServer exposed{{"0.0.0.0:0", ""}};
    CHECK(exposed.log.count("status-exposed") == 1);
    const RunningServer loopback{kOnTcp};
    CHECK(loopback.log.count("status-exposed") == 0);
}

TEST_CASE("devices are shown to this machine and not to the network", "[status]") {
    const TemporaryDirectory directory;
    const RunningServer loopback{kOnTcp};
    CHECK(has(curl({loopback.url("/devices?limit=5")}), "\"known\":412"));
    const std::string socket = directory.file("status");
    const RunningServer exposed{{"0.0.0.0:0", socket}};
    CHECK(has(curl({exposed.url("/devices")}), "HTTP/1.1 403 Forbidden\r\n"));
    CHECK(has(curl({exposed.url("/devices?search=a")}), "HTTP/1.1 403 Forbidden\r\n"));
    CHECK(has(curl({loopback.url("/devices.html")}), "412 devices found"));
    const std::string hidden = curl({exposed.url("/devices.html?search=a")});
    CHECK(has(hidden, "HTTP/1.1 403 Forbidden\r\n"));
    CHECK(has(hidden, "passerelle devices"));
    CHECK_FALSE(has(hidden, "nqx3v2o5c7hml4ktp6ayr2bweu"));
    CHECK(has(curl({exposed.url("/status")}), "HTTP/1.1 200 OK\r\n"));
    // A proxy on this machine asks for others.
    const RunningServer behind_proxy{{"127.0.0.1:0", "", {"gateway.example"}}};
    const auto through_proxy = [&](const char* path) {
        return curl({"--header", "Host: gateway.example", behind_proxy.url(path)});
    };
    CHECK(has(through_proxy("/status"), "HTTP/1.1 200 OK\r\n"));
    CHECK(has(through_proxy("/devices"), "HTTP/1.1 403 Forbidden\r\n"));
    CHECK(has(through_proxy("/devices.html"), "HTTP/1.1 403 Forbidden\r\n"));
    CHECK(has(curl({behind_proxy.url("/devices")}), "HTTP/1.1 200 OK\r\n"));
    CHECK(has(curl({"--unix-socket", socket, "http://localhost/devices"}), "HTTP/1.1 200 OK\r\n"));
}

TEST_CASE("Prometheus itself takes the metrics", "[status]") {
    if (tests::support::run({"sh", "-c", "command -v promtool"}) != 0) return;
    const RunningServer server{kOnTcp};
    const std::string answer = curl({server.url("/metrics")});
    std::istringstream lines{answer.substr(answer.find("\r\n\r\n") + 4)};
    std::string stamped;  // what promtool imports must have a time
    for (std::string line; std::getline(lines, line);)
        stamped += line + (line.starts_with('#') ? "\n" : " 1769904000\n");
    const TemporaryDirectory directory;
    const std::string file = directory.write("metrics", stamped);
    CHECK(
        tests::support::run(
            {"promtool", "tsdb", "create-blocks-from", "openmetrics", file, directory.file("out")}
        ) == 0
    );
}
