#include "gateway/status/host_check.hpp"

#include "gateway/status/listening_socket.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using status::is_own_host;
using status::is_own_origin;

TEST_CASE("loopback names and addresses are own hosts, on any port", "[status]") {
    for (const char* host :
         {"localhost",
          "LOCALHOST:8080",
          "127.0.0.1",
          "127.0.0.1:8080",
          "127.8.9.1:1",
          "[::1]",
          "[::1]:8080"}) {
        INFO(host);
        CHECK(is_own_host(host, "127.0.0.1"));
    }
}

TEST_CASE("names of the open web are not own hosts, wherever they point", "[status]") {
    for (const char* host :
         {"example.org",
          "localhost.example.org",
          "127.0.0.1.example.org:8080",
          "127.0.0.1@x",
          "localhost:",
          "localhost:80x",
          "localhost:123456",
          "localhost:8080:9",
          "[::1",
          "[]:80",
          "[::1]x",
          "",
          ":8080",
          " localhost",
          "10.0.0.7",
          "0x7f000001",
          "2130706433",
          "localhost."}) {
        INFO(host);
        CHECK_FALSE(is_own_host(host, "127.0.0.1"));
    }
}

TEST_CASE("the configured address is an own host", "[status]") {
    CHECK(is_own_host("192.168.1.10:8080", "192.168.1.10"));
    CHECK_FALSE(is_own_host("192.168.1.11:8080", "192.168.1.10"));
    CHECK(is_own_host("192.168.1.10:8080", "0.0.0.0"));
    CHECK(is_own_host("[fe80::1]:8080", "::"));
    CHECK_FALSE(is_own_host("rebound.example.org", "0.0.0.0"));
}

TEST_CASE(
    "a name of the configuration is an own host, and a TLS proxy's page an own origin", "[status]"
) {
    const std::vector<std::string> more{"Gateway.example.org"};
    CHECK(is_own_host("gateway.example.org", "127.0.0.1", more));
    CHECK(is_own_host("GATEWAY.example.org:443", "127.0.0.1", more));
    CHECK_FALSE(is_own_host("gateway.example.org.evil.example", "127.0.0.1", more));
    CHECK(is_own_origin("https://gateway.example.org", "127.0.0.1", more));
    CHECK(is_own_origin("http://gateway.example.org:8080", "127.0.0.1", more));
    CHECK_FALSE(is_own_origin("https://example.org", "127.0.0.1", more));
    CHECK_FALSE(is_own_origin("https://localhost", "127.0.0.1", more));
    CHECK_FALSE(is_own_origin("https://", "127.0.0.1", more));
}

TEST_CASE("only pages from here are an own origin", "[status]") {
    CHECK(is_own_origin("http://localhost:8080", "127.0.0.1"));
    CHECK_FALSE(is_own_origin("null", "127.0.0.1"));
    CHECK_FALSE(is_own_origin("https://example.org", "127.0.0.1"));
    CHECK_FALSE(is_own_origin("http://example.org", "127.0.0.1"));
    CHECK_FALSE(is_own_origin("http://localhost.example.org", "127.0.0.1"));
    CHECK_FALSE(is_own_origin("", "127.0.0.1"));
}

TEST_CASE("a listening address is an address and a port", "[status]") {
    CHECK(status::parse_listen("127.0.0.1:8080")->port() == 8080);
    CHECK(status::parse_listen("localhost:0")->address().is_loopback());
    CHECK(status::parse_listen("[::1]:8080")->address().is_v6());
    for (const char* listen :
         {"",
          "8080",
          "127.0.0.1",
          ":8080",
          "127.0.0.1:",
          "127.0.0.1:x",
          "127.0.0.1:70000",
          "example.org:80",
          "127.0.0.1:-1",
          "127.0.0.1:80 "}) {
        INFO(listen);
        CHECK(status::parse_listen(listen).has_error());
    }
}
