#include "gateway/settings/address.hpp"
#include "gateway/settings/suggestion.hpp"
#include "gateway/settings/topic_text.hpp"
#include "gateway/settings/units.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace gateway::settings;
using namespace std::chrono_literals;

TEST_CASE("sizes are numbers with a unit", "[settings]") {
    CHECK(parse_size("2 GiB") == 2ULL << 30);
    CHECK(parse_size("512KiB") == 512ULL << 10);
    CHECK(parse_size("5 MB") == 5'000'000ULL);
    CHECK(parse_size("7 kB") == 7000ULL);
    CHECK(parse_size("0 B") == 0ULL);
    for (const char* wrong :
         {"", "2", "GiB", "-1 B", "1.5 GiB", "2 gib", "2 GiB ", "99999999999 GiB"})
        CHECK_FALSE(parse_size(wrong));
}

TEST_CASE("durations are numbers with a unit or ISO 8601", "[settings]") {
    CHECK(parse_duration("50 ms") == 50ms);
    CHECK(parse_duration("2min") == 2min);
    CHECK(parse_duration("30 s") == 30s);
    CHECK(parse_duration("1 h") == 1h);
    CHECK(parse_duration("7 d") == 7 * 24h);
    CHECK(parse_duration("PT15M") == 15min);
    CHECK(parse_duration("P1M") == 30 * 24h);
    for (const char* wrong : {"", "5", "s", "-1 s", "1 m", "P", "1 year", "9223372036854775807 d"})
        CHECK_FALSE(parse_duration(wrong));
}

TEST_CASE("sizes and durations are shown as they are written", "[settings]") {
    CHECK(size_text(2ULL << 30) == "2 GiB");
    CHECK(size_text(1500) == "1500 B");
    CHECK(size_text(0) == "0 B");
    CHECK(duration_text(90s) == "90 s");
    CHECK(duration_text(30 * 24h) == "30 d");
    CHECK(duration_text(0ms) == "0 ms");
}

TEST_CASE("addresses to listen on are numeric", "[settings]") {
    const auto v6 = parse_listen("[::1]:5683");
    REQUIRE(v6);
    CHECK(v6->host == "::1");
    CHECK(v6->port == 5683);
    CHECK(parse_listen("0.0.0.0:0"));
    for (const char* wrong :
         {"",
          ":80",
          "localhost:80",
          "1.2.3.4",
          "1.2.3.4:",
          "1.2.3.4:65536",
          "::1:80",
          "[::1",
          "[::1]80",
          "1.2.3.4:8o"})
        CHECK_FALSE(parse_listen(wrong));
}

TEST_CASE("URLs are taken apart", "[settings]") {
    const auto url = parse_url("HTTPS://user:word@[::1]:8443/a?b#c");
    REQUIRE(url);
    CHECK(url->scheme == "https");
    CHECK(url->userinfo == "user:word");
    CHECK(url->host == "::1");
    CHECK(url->port == 8443);
    CHECK(url->path == "/a?b#c");
    CHECK(parse_url("mqtt://broker")->port == std::nullopt);
    for (const char* wrong :
         {"",
          "broker",
          "://x",
          "http://",
          "http:// x",
          "http://a b",
          "ht tp://x",
          "http://x:y",
          "http://-x",
          "http://x:99999"})
        CHECK_FALSE(parse_url(wrong));
}

TEST_CASE("only this machine reaches the loopback", "[settings]") {
    for (const char* own : {"127.0.0.1", "127.8.9.1", "::1", "localhost"}) CHECK(is_loopback(own));
    for (const char* other : {"0.0.0.0", "::", "192.168.1.1", "127.0.0.1.example.org", ""})
        CHECK_FALSE(is_loopback(other));
}

TEST_CASE("listeners collide on a port and an address or a wildcard", "[settings]") {
    CHECK(collide({"127.0.0.1", 80}, {"127.0.0.1", 80}));
    CHECK(collide({"0.0.0.0", 80}, {"127.0.0.1", 80}));
    CHECK(collide({"127.0.0.1", 80}, {"::", 80}));
    CHECK_FALSE(collide({"127.0.0.1", 80}, {"127.0.0.2", 80}));
    CHECK_FALSE(collide({"127.0.0.1", 80}, {"127.0.0.1", 81}));
    CHECK_FALSE(collide({"127.0.0.1", 0}, {"127.0.0.1", 0}));
}

TEST_CASE("the nearest word is suggested, and none that is far", "[settings]") {
    constexpr std::array<std::string_view, 4> kWords{"listen", "linger", "qos", "retry_max"};
    CHECK(nearest("lisetn", kWords) == "listen");
    CHECK(nearest("lingr", kWords) == "linger");
    CHECK(nearest("qso", kWords) == "qos");
    CHECK(nearest("retrymax", kWords) == "retry_max");
    CHECK(nearest("password", kWords).empty());
    CHECK(nearest("", kWords).empty());
    CHECK(nearest(std::string(1000, 'x'), kWords).empty());
}

TEST_CASE("the broker sees a filter in place of a pattern", "[settings]") {
    CHECK(broker_filter("water/{device}/+/#") == "water/+/+/#");
    CHECK(broker_filter("/water//{a}") == "/water//+");
    CHECK(has_level("a/{device}", "device"));
    CHECK_FALSE(has_level("a/{devices}", "device"));
    CHECK_FALSE(has_level("a/device", "device"));
}
