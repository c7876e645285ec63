#include "tests/component/forward/uplink_driver.hpp"
#include "tests/support/city_receiver_fixture.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/support/test_authority.hpp"

#include <catch2/catch.hpp>

using namespace forward_test;
using namespace tests::support;
using Outcome = forward::Delivery::Outcome;

namespace {

settings::HttpUplink to(const std::string& url) {
    settings::HttpUplink http;
    http.url = url + "/v1/batches";
    return http;
}

bool contains(const std::string& text, const std::string& part) {
    CAPTURE(text, part);
    CHECK(text.find(part) != std::string::npos);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the city reads a batch in every encoding and compression", "[component][http]") {
    const auto encoding = GENERATE(settings::Encoding::json, settings::Encoding::protobuf);
    const auto compression = GENERATE(
        settings::Compression::none, settings::Compression::gzip, settings::Compression::zstd
    );
    const CityReceiverFixture city;
    auto uplink = uplink_settings(to(city.url()));
    uplink.encoding = encoding;
    uplink.compression = compression;
    UplinkDriver driver(uplink);
    const auto delivery = driver.send(batch_of(1, 300));
    CHECK(delivery.outcome == Outcome::confirmed);
    CHECK(delivery.detail == "HTTP 200");
    CHECK(delivery.bytes_sent > 0);
    contains(city.summary(), R"("readings": 300, "gaps": 0, "by_dataset": {"water": 300})");
    const auto readings = city.get("/readings?limit=2");
    contains(
        readings,
        R"({"gateway": "tunis-bardo-07", "sequence": 300, "dataset": "water", "device": "d0", )"
        R"("quantity": "water.volume", "unit": "m3", "time_quality": "gateway", )"
        R"("time": "2026-01-01T00:00:00.300Z", "value": 30.00, "attributes": {"floor":)"
    );
    contains(readings, R"("sequence": 299)");
    contains(readings, R"("value": 29.90, "attributes": {}})");
}

TEST_CASE("a batch that is sent again is known by its key", "[component][http]") {
    const CityReceiverFixture city;
    UplinkDriver driver(uplink_settings(to(city.url())));
    CHECK(driver.send(batch_of(1, 10)).detail == "HTTP 200");
    const auto again = UplinkDriver(uplink_settings(to(city.url()))).send(batch_of(1, 10));
    CHECK(again.outcome == Outcome::confirmed);
    CHECK(again.detail == "HTTP 409");
    contains(city.summary(), R"("readings": 10)");
}

TEST_CASE("the answers of the batch contract arrive as outcomes", "[component][http]") {
    const CityReceiverFixture city;
    UplinkDriver driver(uplink_settings(to(city.url())));
    city.fail("refuse=1:7");
    const auto refused = driver.send(batch_of(1, 10));
    CHECK(refused.outcome == Outcome::unavailable);
    CHECK(refused.retry_after == std::chrono::seconds{7});
    city.fail("unauthorised=1");
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::unauthorised);
    city.fail("too-large=100");
    CHECK(driver.send(batch_of(1, 1000)).outcome == Outcome::too_large);
    city.fail("reject-value=0.5");
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::rejected);
    city.fail("");
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
}

TEST_CASE("a Retry-After with a date is a number of seconds from now", "[component][http]") {
    const CityReceiverFixture city({"--fail", "refuse=1:Fri Dec 31 23:59:59 2100"});
    const auto delivery = UplinkDriver(uplink_settings(to(city.url()))).send(batch_of(1, 10));
    CHECK(delivery.outcome == Outcome::unavailable);
    REQUIRE(delivery.retry_after);
    CHECK(*delivery.retry_after > std::chrono::hours{24 * 365});
}

TEST_CASE("a connection lost before or after the commit is no confirmation", "[component][http]") {
    const auto when = GENERATE(std::string("before"), std::string("after"));
    const CityReceiverFixture city({"--fail", "drop-" + when + "=1"});
    UplinkDriver driver(uplink_settings(to(city.url())));
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::unavailable);
    city.fail("");
    CHECK(driver.send(batch_of(1, 10)).detail == (when == "before" ? "HTTP 200" : "HTTP 409"));
    contains(city.summary(), R"("readings": 10, "gaps": 0)");
}

TEST_CASE("nobody there is no confirmation", "[component][http]") {
    const auto url = "http://127.0.0.1:" + std::to_string(free_port());
    const auto delivery = UplinkDriver(uplink_settings(to(url))).send(batch_of(1, 10));
    CHECK(delivery.outcome == Outcome::unavailable);
    CHECK(delivery.detail == "the server cannot be reached");
}

TEST_CASE("a recipient that does not answer in time is no confirmation", "[component][http]") {
    const CityReceiverFixture city({"--fail", "slow=30"});
    auto uplink = uplink_settings(to(city.url()));
    std::get<settings::HttpUplink>(uplink.kind).timeout = std::chrono::seconds{1};
    const auto delivery = UplinkDriver(uplink).send(batch_of(1, 10));
    CHECK(delivery.outcome == Outcome::unavailable);
    CHECK(delivery.detail == "no answer in time");
}

TEST_CASE("a send ends soon after it was cancelled", "[component][http]") {
    const CityReceiverFixture city({"--fail", "slow=30"});
    const auto start = std::chrono::steady_clock::now();
    UplinkDriver driver(uplink_settings(to(city.url())));
    CHECK(driver.send_and_cancel(batch_of(1, 10)).outcome == Outcome::unavailable);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{4});
}

TEST_CASE("a redirect is not followed", "[component][http]") {
    const CityReceiverFixture elsewhere;
    const TemporaryDirectory directory;
    const auto port = free_port();
    directory.write(
        "redirect.py",
        "import http.server, sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_POST(self):\n"
        "        self.send_response(307)\n"
        "        self.send_header('Location', sys.argv[2])\n"
        "        self.send_header('Content-Length', '0')\n"
        "        self.end_headers()\n"
        "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
    );
    ChildProcess server(
        {"/usr/bin/python3", directory.file("redirect.py"), std::to_string(port), elsewhere.url()},
        directory.file("log")
    );
    while (!is_listening(port)) REQUIRE(server.running());
    const auto url = "http://127.0.0.1:" + std::to_string(port);
    const auto delivery = UplinkDriver(uplink_settings(to(url))).send(batch_of(1, 10));
    CHECK(delivery.outcome == Outcome::unavailable);
    CHECK(delivery.detail == "HTTP 307");
    contains(elsewhere.summary(), R"("readings": 0)");
}

TEST_CASE("an answer without an end is cut, and its status counts", "[component][http]") {
    const TemporaryDirectory directory;
    const auto port = free_port();
    directory.write(
        "endless.py",
        "import http.server, sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_POST(self):\n"
        "        self.rfile.read(int(self.headers['Content-Length']))\n"
        "        self.send_response(200)\n"
        "        self.end_headers()\n"
        "        while True: self.wfile.write(b'x' * 4096)\n"
        "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
    );
    ChildProcess server(
        {"/usr/bin/python3", directory.file("endless.py"), std::to_string(port)},
        directory.file("log")
    );
    while (!is_listening(port)) REQUIRE(server.running());
    const auto url = "http://127.0.0.1:" + std::to_string(port);
    CHECK(
        UplinkDriver(uplink_settings(to(url))).send(batch_of(1, 10)).outcome == Outcome::confirmed
    );
}

TEST_CASE("secrets are read when they are used, and nothing is sent without", "[component][http]") {
    const CityReceiverFixture city;
    const TemporaryDirectory directory;
    auto http = to(city.url());
    http.bearer_token = settings::Secret{directory.file("token")};
    UplinkDriver driver(uplink_settings(http));
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::unauthorised);
    contains(city.summary(), R"("readings": 0)");
    directory.write("token", "s3cret\n");
    CHECK(driver.send(batch_of(1, 10)).outcome == Outcome::confirmed);
}

TEST_CASE("a proxy that is away is no confirmation", "[component][http]") {
    const CityReceiverFixture city;
    auto http = to(city.url());
    http.proxy = "http://127.0.0.1:" + std::to_string(free_port());
    CHECK(
        UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome == Outcome::unavailable
    );
    contains(city.summary(), R"("readings": 0)");
}

TEST_CASE("batches travel over TLS to the right recipient only", "[component][http][tls]") {
    const TestAuthority authority;
    const TestAuthority stranger;
    const auto good = authority.issue(kLoopbackNames);

    SECTION("a good certificate is accepted") {
        const CityReceiverFixture city({"--tls-cert", good.file, "--tls-key", good.key_file});
        auto http = to(city.url());
        http.tls.ca_file = authority.certificate_file();
        CHECK(
            UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome == Outcome::confirmed
        );
    }
    SECTION("an authority that is not the configured one is refused") {
        const CityReceiverFixture city({"--tls-cert", good.file, "--tls-key", good.key_file});
        auto http = to(city.url());
        http.tls.ca_file = stranger.certificate_file();
        CHECK(
            UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome ==
            Outcome::unavailable
        );
    }
    SECTION("the system's authorities do not know it") {
        const CityReceiverFixture city({"--tls-cert", good.file, "--tls-key", good.key_file});
        CHECK(
            UplinkDriver(uplink_settings(to(city.url()))).send(batch_of(1, 10)).outcome ==
            Outcome::unavailable
        );
    }
    SECTION("an expired certificate is refused") {
        const auto expired = authority.issue(kLoopbackNames, -1);
        const CityReceiverFixture city({"--tls-cert", expired.file, "--tls-key", expired.key_file});
        auto http = to(city.url());
        http.tls.ca_file = authority.certificate_file();
        const auto delivery = UplinkDriver(uplink_settings(http)).send(batch_of(1, 10));
        CHECK(delivery.outcome == Outcome::unavailable);
        CHECK(delivery.detail == "the recipient's certificate has expired");
        CHECK(delivery.is_clock_suspect);
    }
    SECTION("a certificate of another host is refused") {
        const auto other = authority.issue("DNS:other.example.org");
        const CityReceiverFixture city({"--tls-cert", other.file, "--tls-key", other.key_file});
        auto http = to(city.url());
        http.tls.ca_file = authority.certificate_file();
        const auto delivery = UplinkDriver(uplink_settings(http)).send(batch_of(1, 10));
        CHECK(delivery.outcome == Outcome::unavailable);
        CHECK_FALSE(delivery.is_clock_suspect);
    }
    SECTION("a recipient without TLS gets nothing when TLS is asked for") {
        const CityReceiverFixture city;
        auto http = to(city.url());
        http.tls.enabled = true;
        CHECK(
            UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome ==
            Outcome::unavailable
        );
        contains(city.summary(), R"("readings": 0)");
    }
}

TEST_CASE("a recipient may ask for a client certificate", "[component][http][tls]") {
    const TestAuthority authority;
    const auto server = authority.issue(kLoopbackNames);
    const CityReceiverFixture city(
        {"--tls-cert",
         server.file,
         "--tls-key",
         server.key_file,
         "--tls-client-ca",
         authority.certificate_file()}
    );
    auto http = to(city.url());
    http.tls.ca_file = authority.certificate_file();
    CHECK(
        UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome == Outcome::unavailable
    );
    const auto client = authority.issue("DNS:tunis-bardo-07");
    http.tls.certificate_file = client.file;
    http.tls.key_file = client.key_file;
    CHECK(UplinkDriver(uplink_settings(http)).send(batch_of(1, 10)).outcome == Outcome::confirmed);
}
