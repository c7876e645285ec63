#include "gateway/doctor/endpoint_checks.hpp"
#include "gateway/doctor/tls_alert.hpp"
#include "gateway/mqtt_codec/codec.hpp"
#include "tests/support/loopback_port.hpp"
#include "tests/unit/doctor/found.hpp"

#include <openssl/x509_vfy.h>

using namespace std::chrono_literals;
using gateway::doctor::Certificate;
using gateway::doctor::check_endpoint;
using gateway::doctor::Endpoint;
using gateway::doctor::endpoints_of;
using gateway::doctor::judge_visit;
using gateway::doctor::mqtt_greeting;
using gateway::doctor::read_welcome;
using gateway::doctor::Severity;
using gateway::doctor::Visit;
using gateway::doctor::Welcome;
using gateway::settings::HttpUplink;
using gateway::settings::MqttClient;
using gateway::settings::Settings;
using tests::found;
using tests::severity_of;
using Stage = Visit::Stage;
namespace codec = gateway::mqtt_codec;

namespace {

gateway::model::Instant now() {
    return gateway::model::parse_rfc3339("2026-11-26T10:00:00Z").value();
}

Settings uplink_to(const std::string& url) {
    HttpUplink http;
    http.url = url;
    gateway::settings::Uplink uplink;
    uplink.name = "city";
    uplink.kind = http;
    Settings settings;
    settings.uplinks.push_back(uplink);
    return settings;
}

Endpoint recipient(const std::string& url = "https://data.example.org/v1/batches") {
    return endpoints_of(uplink_to(url)).front();
}

Certificate shown() {
    return {
        "data.example.org", "City CA", "data.example.org", now() - 24h * 100, now() + 24h * 100};
}

Visit refused(long verdict) {
    Visit visit;
    visit.stage = Stage::security;
    visit.verdict = verdict;
    visit.reason = "as OpenSSL says";
    visit.certificate = shown();
    return visit;
}

std::string connack(codec::Connack packet, codec::Version version) {
    std::string bytes;
    REQUIRE(codec::encode(packet, version, bytes));
    return bytes;
}

}  // namespace

TEST_CASE("endpoints are those of the configuration, each once", "[doctor]") {
    Settings settings = uplink_to("https://data.example.org/v1/batches");
    MqttClient client;
    client.url = "mqtts://[2001:db8::1]";
    settings.sources.push_back({"meters", "", {}, 1, {}, client});
    settings.sources.push_back({"kiosks", "", {}, 1, {}, client});
    client.username = "other";
    settings.sources.push_back({"noise", "", {}, 1, {}, client});
    const auto endpoints = endpoints_of(settings);
    REQUIRE(endpoints.size() == 3);
    CHECK(endpoints[0].address == "data.example.org:443");
    CHECK(endpoints[0].code("name") == "uplink-name");
    CHECK_FALSE(endpoints[0].is_numeric());
    CHECK(endpoints[1].address == "[2001:db8::1]:8883");
    CHECK(endpoints[1].name == "meters, kiosks");
    CHECK(endpoints[1].is_numeric());
    CHECK(endpoints[1].is_secure);
    CHECK(endpoints[2].code("name") == "broker-name");
}

TEST_CASE("a recipient that answers is in order", "[doctor]") {
    Visit visit;
    visit.http_status = 405;
    visit.certificate = shown();
    visit.told = now();
    visit.told_at = now();
    const auto checks = judge_visit(recipient(), visit, now());
    CHECK(worst_of(checks) == Severity::ok);
    CHECK(severity_of(checks, "clock-skew") == Severity::ok);
}

TEST_CASE("what comes after the failed step is skipped", "[doctor]") {
    Visit visit;
    visit.stage = Stage::name;
    visit.reason = "unknown";
    auto checks = judge_visit(recipient(), visit, now());
    CHECK(severity_of(checks, "uplink-name") == Severity::failure);
    CHECK(severity_of(checks, "uplink-connection") == Severity::skipped);
    visit.stage = Stage::connection;
    visit.is_refused = true;
    checks = judge_visit(recipient(), visit, now());
    CHECK(severity_of(checks, "uplink-name") == Severity::ok);
    CHECK(found(checks, "uplink-connection").finding.find("refused") != std::string::npos);
    CHECK(severity_of(checks, "uplink-certificate") == Severity::skipped);
    CHECK(severity_of(checks, "uplink-answer") == Severity::skipped);
    visit.is_refused = false;
    checks = judge_visit(recipient(), visit, now());
    CHECK(found(checks, "uplink-connection").finding.find("unknown") != std::string::npos);
}

TEST_CASE("a refused certificate says why, and whose it is", "[doctor]") {
    const auto finding = [](const Visit& visit) {
        const auto check = found(judge_visit(recipient(), visit, now()), "uplink-certificate");
        CHECK(check.severity == Severity::failure);
        return check.finding;
    };
    CHECK(finding(refused(X509_V_ERR_CERT_HAS_EXPIRED)).find("expired on") != std::string::npos);
    CHECK(
        finding(refused(X509_V_ERR_CERT_NOT_YET_VALID))
            .find("the clock of this box says 2026-11-26") != std::string::npos
    );
    const auto stranger = finding(refused(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
    CHECK(stranger.find("City CA") != std::string::npos);
    CHECK(stranger.find("as OpenSSL says") != std::string::npos);
    auto other = refused(X509_V_OK);
    other.is_other_name = true;
    CHECK(finding(other).find("another name: data.example.org") != std::string::npos);
    Visit no_tls;
    no_tls.stage = Stage::security;
    no_tls.reason = "wrong version number";
    CHECK(finding(no_tls).find("wrong version number") != std::string::npos);
    no_tls.is_alert = true;
    no_tls.certificate = shown();
    CHECK(finding(no_tls).find("refuses this box") != std::string::npos);
}

TEST_CASE("an alert of TLS is found in what libcurl says", "[doctor]") {
    using gateway::doctor::alert_in;
    CHECK(
        alert_in("OpenSSL SSL_read: OpenSSL/3.0.19: error:0A00045C:SSL routines::tlsv13 alert "
                 "certificate required, errno 0\n") == "tlsv13 alert certificate required"
    );
    CHECK(
        alert_in("error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca") ==
        "tlsv1 alert unknown ca"
    );
    CHECK(alert_in("error:0A00010B:SSL routines::wrong version number").empty());
    CHECK(alert_in("TLSv1.3 (OUT), TLS alert, unknown CA (560):").empty());
    CHECK(alert_in(" subject: CN=the alert house").empty());
    CHECK(alert_in("").empty());
}

TEST_CASE("a certificate that ends soon is a warning", "[doctor]") {
    Visit visit;
    visit.http_status = 200;
    visit.certificate = shown();
    visit.certificate->not_after = now() + 24h * 29;
    CHECK(
        severity_of(judge_visit(recipient(), visit, now()), "uplink-expiry") == Severity::warning
    );
}

TEST_CASE("the answer of a recipient is judged by its status", "[doctor]") {
    const auto judged = [](int status) {
        Visit visit;
        visit.http_status = status;
        return severity_of(
            judge_visit(recipient("http://127.0.0.1:1/"), visit, now()), "uplink-answer"
        );
    };
    CHECK(judged(200) == Severity::ok);
    CHECK(judged(400) == Severity::ok);
    CHECK(judged(401) == Severity::failure);
    CHECK(judged(403) == Severity::failure);
    CHECK(judged(407) == Severity::failure);
    CHECK(judged(404) == Severity::notice);
    CHECK(judged(503) == Severity::warning);
}

TEST_CASE("a closed port is found by going there", "[doctor]") {
    const auto port = std::to_string(tests::support::free_port());
    const auto checks = check_endpoint(recipient("http://127.0.0.1:" + port + '/'));
    CHECK(severity_of(checks, "uplink-name") == Severity::skipped);
    const auto check = found(checks, "uplink-connection");
    CHECK(check.severity == Severity::failure);
    CHECK(check.finding.find("refused") != std::string::npos);
}

TEST_CASE("a secret that cannot be read ends the visit before it begins", "[doctor]") {
    auto settings = uplink_to("http://127.0.0.1:1/");
    std::get<HttpUplink>(settings.uplinks.front().kind).bearer_token = {"/no such token"};
    const auto checks = check_endpoint(endpoints_of(settings).front());
    CHECK(found(checks, "uplink-name").finding.find("/no such token") != std::string::npos);
}

TEST_CASE("the greeting has a name of its own and leaves no session", "[doctor]") {
    MqttClient client;
    client.client_id = "passerelle-meters";
    client.username = "box";
    for (const int version : {4, 5}) {
        client.version = version;
        const auto bytes = mqtt_greeting(client, "password");
        const auto packet = codec::decode(bytes, codec::Version::mqtt_5, codec::Role::server);
        REQUIRE(packet);
        const auto& connect = std::get<codec::Connect>(*packet);
        CHECK(connect.version == static_cast<codec::Version>(version));
        CHECK(connect.clean_start);
        CHECK(connect.client_identifier != client.client_id);
        CHECK(connect.user_name == "box");
        CHECK(connect.password == "password");
    }
}

TEST_CASE("a broker's answer is understood in both versions", "[doctor]") {
    MqttClient client;
    client.version = 5;
    codec::Connack packet;
    const auto welcome = [&] {
        const auto version = static_cast<codec::Version>(client.version);
        return read_welcome(client, connack(packet, version));
    };
    CHECK(welcome() == Welcome::accepted);
    packet.reason = codec::ReasonCode::bad_user_name_or_password;
    CHECK(welcome() == Welcome::unauthorised);
    packet.reason = codec::ReasonCode::client_identifier_not_valid;
    CHECK(welcome() == Welcome::refused);
    client.version = 4;
    CHECK(welcome() == Welcome::accepted);
    packet.return_code = codec::ConnectReturnCode::not_authorized;
    CHECK(welcome() == Welcome::unauthorised);
    packet.return_code = codec::ConnectReturnCode::server_unavailable;
    CHECK(welcome() == Welcome::refused);
    CHECK(read_welcome(client, "") == Welcome::incomplete);
    CHECK(
        read_welcome(client, connack({}, codec::Version::mqtt_3_1_1).substr(0, 3)) ==
        Welcome::incomplete
    );
    CHECK(read_welcome(client, "HTTP/1.1 400 Bad Request\r\n") == Welcome::no_mqtt);
}

TEST_CASE("a broker's welcome is judged", "[doctor]") {
    Settings settings;
    settings.sources.push_back({"meters", "", {}, 1, {}, MqttClient{}});
    const auto broker = endpoints_of(settings).front();
    const auto judged = [&](Welcome welcome) {
        Visit visit;
        visit.welcome = welcome;
        return severity_of(judge_visit(broker, visit, now()), "broker-answer");
    };
    CHECK(judged(Welcome::accepted) == Severity::ok);
    CHECK(judged(Welcome::refused) == Severity::warning);
    CHECK(judged(Welcome::unauthorised) == Severity::failure);
    CHECK(judged(Welcome::no_mqtt) == Severity::failure);
}
