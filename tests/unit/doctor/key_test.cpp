#include "gateway/doctor/file_checks.hpp"
#include "gateway/doctor/key_checks.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/test_authority.hpp"
#include "tests/unit/doctor/found.hpp"

#include <sys/stat.h>

#include <filesystem>

using gateway::doctor::check_files;
using gateway::doctor::check_keys;
using gateway::doctor::NamedFiles;
using gateway::doctor::own_account;
using gateway::doctor::Severity;
using gateway::settings::KeyProtection;
using tests::found;
using tests::severity_of;
using tests::support::TemporaryDirectory;
using tests::support::TestAuthority;

namespace {

constexpr std::string_view kKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

class KeyBox {
  public:
    KeyBox() {
        settings_.gateway.state_directory = directory_.path().string();
        settings_.buffer.path = directory_.file("buffer.db");
    }
    void put_key(std::string_view name, mode_t mode = 0600) const {
        const auto keys = directory_.file("keys");
        std::filesystem::create_directory(keys);
        ::chmod(keys.c_str(), 0700);
        std::filesystem::create_directory(keys + "/segments");
        const auto file = directory_.write("keys/" + std::string(name), "x");
        ::chmod(file.c_str(), mode);
    }
    gateway::doctor::Checks look() const { return check_keys(settings_, own_account()); }
    const TemporaryDirectory& directory() const { return directory_; }
    gateway::settings::Settings& settings() { return settings_; }

  private:
    TemporaryDirectory directory_;
    gateway::settings::Settings settings_;
};

std::string private_file(const TemporaryDirectory& directory, std::string_view content) {
    const auto file = directory.write("secret", content);
    ::chmod(file.c_str(), 0600);
    return file;
}

gateway::model::Instant in_days(int days) {
    const auto now = std::chrono::system_clock::now() + std::chrono::days{days};
    return std::chrono::time_point_cast<gateway::model::Instant::duration>(now);
}

gateway::doctor::Checks look_at(const TestAuthority::Certificate& files, int days = 0) {
    ::chmod(files.key_file.c_str(), 0600);
    const NamedFiles named{{}, {{"city", files.file, files.key_file, ""}}};
    return check_files(named, own_account(), in_days(days));
}

}  // namespace

TEST_CASE("keys for their owner alone are in order", "[doctor]") {
    const KeyBox box;
    box.put_key("water.2026-01.key");
    box.put_key("segments/62.1.1.segment");
    CHECK(found(box.look(), "keys").finding.find(" 2 ") != std::string::npos);
    CHECK(severity_of(box.look(), "keys") == Severity::ok);
    CHECK(severity_of(box.look(), "wrapping-key") == Severity::skipped);
}

TEST_CASE("a key that others read is a failure", "[doctor]") {
    const KeyBox box;
    box.put_key("segments/62.1.1.segment", 0640);
    const auto check = found(box.look(), "keys");
    CHECK(check.severity == Severity::failure);
    CHECK(check.remedy == "run: chmod -R go= " + box.directory().file("keys"));
}

TEST_CASE("missing keys matter only where there is a buffer", "[doctor]") {
    const KeyBox box;
    CHECK(severity_of(box.look(), "keys") == Severity::skipped);
    box.directory().write("buffer.db", "x");
    CHECK(severity_of(box.look(), "keys") == Severity::failure);
}

TEST_CASE("wrapped keys need a configuration that says so", "[doctor]") {
    KeyBox box;
    box.put_key("water.2026-01.key.wrapped");
    CHECK(severity_of(box.look(), "keys") == Severity::failure);
    box.settings().privacy.keys = KeyProtection::wrapped;
    box.settings().privacy.wrapping_key = {private_file(box.directory(), kKey)};
    CHECK(severity_of(box.look(), "keys") == Severity::ok);
    CHECK(severity_of(box.look(), "wrapping-key") == Severity::ok);
}

TEST_CASE("a wrapping key that is missing or none is a failure, and not shown", "[doctor]") {
    KeyBox box;
    box.settings().privacy.keys = KeyProtection::wrapped;
    box.settings().privacy.wrapping_key = {box.directory().file("secret")};
    CHECK(severity_of(box.look(), "wrapping-key") == Severity::failure);
    private_file(box.directory(), "hunter2");
    const auto check = found(box.look(), "wrapping-key");
    CHECK(check.severity == Severity::failure);
    CHECK(check.finding.find("hunter2") == std::string::npos);
}

TEST_CASE("secrets are there, filled and private", "[doctor]") {
    const TemporaryDirectory directory;
    const auto look = [&] {
        return check_files({{directory.file("secret")}, {}}, own_account(), in_days(0));
    };
    CHECK(severity_of(look(), "secrets") == Severity::failure);
    const auto file = private_file(directory, "token");
    CHECK(severity_of(look(), "secrets") == Severity::ok);
    ::chmod(file.c_str(), 0644);
    CHECK(found(look(), "secrets").remedy.find("chmod o= " + file) != std::string::npos);
    private_file(directory, "");
    CHECK(severity_of(look(), "secrets") == Severity::failure);
}

TEST_CASE("a credential of the service is missed only while it runs", "[doctor]") {
    const std::string credential = "/run/credentials/passerelle.service/no-such-token";
    const auto checks = check_files({{credential}, {}}, own_account(), in_days(0));
    CHECK(severity_of(checks, "secrets") == Severity::skipped);
}

TEST_CASE("a certificate is judged by its days", "[doctor]") {
    const TestAuthority authority;
    const auto files = authority.issue(tests::support::kLoopbackNames, 60);
    CHECK(severity_of(look_at(files), "certificate-expiry") == Severity::ok);
    CHECK(severity_of(look_at(files, 40), "certificate-expiry") == Severity::warning);
    CHECK(severity_of(look_at(files, 61), "certificate-expiry") == Severity::failure);
    const auto early = found(look_at(files, -20'000), "certificate-expiry");
    CHECK(early.severity == Severity::failure);
    CHECK(early.remedy.find("clock") != std::string::npos);
}

TEST_CASE("a private key belongs to its certificate and to nobody else", "[doctor]") {
    const TestAuthority authority;
    const auto files = authority.issue(tests::support::kLoopbackNames);
    const auto others = authority.issue(tests::support::kLoopbackNames);
    CHECK(severity_of(look_at(files), "private-keys") == Severity::ok);
    CHECK(severity_of(look_at({files.file, others.key_file}), "private-keys") == Severity::failure);
    const NamedFiles named{{}, {{"city", files.file, files.key_file, ""}}};
    ::chmod(files.key_file.c_str(), 0644);
    const auto exposed = found(check_files(named, own_account(), in_days(0)), "private-keys");
    CHECK(exposed.severity == Severity::failure);
    CHECK(exposed.remedy.find("chmod o= " + files.key_file) != std::string::npos);
}

TEST_CASE("authorities that have all expired are a failure", "[doctor]") {
    const TestAuthority authority;
    const NamedFiles named{{}, {{"city", "", "", authority.certificate_file()}}};
    CHECK(
        severity_of(check_files(named, own_account(), in_days(0)), "authorities") == Severity::ok
    );
    const auto later = check_files(named, own_account(), in_days(20'000));
    CHECK(severity_of(later, "authorities") == Severity::failure);
    const TemporaryDirectory directory;
    const NamedFiles none{{}, {{"city", "", "", directory.write("ca.crt", "no certificate")}}};
    const auto checks = check_files(none, own_account(), in_days(0));
    CHECK(severity_of(checks, "authorities") == Severity::failure);
}

TEST_CASE("the files of every kind of source and uplink are looked at", "[doctor]") {
    namespace settings = gateway::settings;
    settings::Settings box;
    settings::MqttListener listener;
    listener.accounts = {"/accounts"};
    listener.tls.certificate_file = "/box.crt";
    settings::CoapServer coap;
    coap.pre_shared_keys["m-1"] = {"/m-1.key"};
    box.sources.push_back({"meters", "", {}, 1, {}, listener});
    box.sources.push_back({"noise", "", {}, 1, {}, coap});
    settings::HttpUplink http;
    http.bearer_token = {"/token"};
    settings::Uplink uplink;
    uplink.kind = http;
    box.uplinks.push_back(uplink);
    settings::MqttUplink mqtt;
    mqtt.client.password = {"/token"};
    uplink.kind = mqtt;
    box.uplinks.push_back(uplink);
    const auto files = gateway::doctor::files_of(box);
    CHECK(files.secrets == std::vector<std::string>{"/accounts", "/m-1.key", "/token"});
    REQUIRE(files.tls.size() == 1);
    CHECK(files.tls.front().of == "meters");
}
