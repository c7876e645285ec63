#include "tests/support/temporary_directory.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <string>

using namespace gateway::settings;
using tests::support::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

// The sample with a bearer token, loaded as if it stood in the directory.
LoadResult load_with_token(
    const TemporaryDirectory& directory, const std::string& token, LoadOptions options = {}
) {
    const auto text = std::string{sample::kConfiguration} + "bearer_token = " + token + '\n';
    return load_text(text, directory.file("f.toml"), options);
}

std::string only_diagnostic(const LoadResult& result, const TemporaryDirectory& directory) {
    REQUIRE(result.diagnostics.size() == 1);
    return to_string(result.diagnostics[0]).substr(directory.file("f.toml").size());
}

const Secret& token_of(const LoadResult& result) {
    REQUIRE(result.settings);
    const auto& http = std::get<HttpUplink>(result.settings->uplinks[0].kind);
    REQUIRE(http.bearer_token);
    return *http.bearer_token;
}

}  // namespace

TEST_CASE("a secret in a private file is taken by its path", "[settings]") {
    const TemporaryDirectory directory;
    fs::permissions(directory.write("token", "s3cret\n"), fs::perms::owner_read);
    const auto result = load_with_token(directory, "{ file = \"token\" }");
    CHECK(result.diagnostics.empty());
    CHECK(token_of(result).file == directory.file("token"));
}

TEST_CASE("a secret written into the configuration is refused and not repeated", "[settings]") {
    const TemporaryDirectory directory;
    const auto result = load_with_token(directory, "\"s3cret\"");
    CHECK_FALSE(result.settings);
    const auto text = only_diagnostic(result, directory);
    CHECK(text.starts_with(":39:16: 'bearer_token' is written into the configuration: put it into")
    );
    CHECK(text.find("{ file = \"/etc/passerelle/…\" }") != std::string::npos);
    CHECK(text.find("s3cret") == std::string::npos);
}

TEST_CASE("a secret file that others can read is refused", "[settings]") {
    const TemporaryDirectory directory;
    const auto path = directory.write("token", "s3cret\n");
    fs::permissions(path, fs::perms::owner_read | fs::perms::others_read);
    const auto result = load_with_token(directory, "{ file = \"token\" }");
    CHECK_FALSE(result.settings);
    CHECK(
        only_diagnostic(result, directory) ==
        ":39:25: every user of this machine can read the secret file " + path +
            ": run: chmod o= " + path
    );
}

TEST_CASE("a secret file of a group is accepted", "[settings]") {
    const TemporaryDirectory directory;
    fs::permissions(
        directory.write("token", "s3cret\n"), fs::perms::owner_read | fs::perms::group_read
    );
    CHECK(load_with_token(directory, "{ file = \"token\" }").diagnostics.empty());
}

TEST_CASE(
    "a secret file that is not there is refused, unless files are not looked at", "[settings]"
) {
    const TemporaryDirectory directory;
    CHECK_FALSE(load_with_token(directory, "{ file = \"gone\" }").settings);
    CHECK(load_with_token(directory, "{ file = \"gone\" }", {.look_at_files = false}).settings);
}

TEST_CASE("a secret names one place", "[settings]") {
    const TemporaryDirectory directory;
    for (const char* token : {"{}", "{ file = \"a\", credential = \"b\" }"}) {
        const auto text = only_diagnostic(load_with_token(directory, token), directory);
        CHECK(text.starts_with(":39:16: 'bearer_token' must name one place"));
    }
}

TEST_CASE("a credential is found where systemd puts it", "[settings]") {
    const TemporaryDirectory directory;
    directory.write("token", "s3cret\n");
    ::setenv("CREDENTIALS_DIRECTORY", directory.path().c_str(), 1);
    const auto there = load_with_token(directory, "{ credential = \"token\" }");
    const auto gone = load_with_token(directory, "{ credential = \"gone\" }");
    ::unsetenv("CREDENTIALS_DIRECTORY");
    CHECK(there.diagnostics.empty());
    CHECK(token_of(there).file == directory.file("token"));
    CHECK_FALSE(gone.settings);
}

TEST_CASE("outside the service a credential is a warning", "[settings]") {
    const TemporaryDirectory directory;
    ::unsetenv("CREDENTIALS_DIRECTORY");
    const auto result = load_with_token(directory, "{ credential = \"token\" }");
    CHECK(token_of(result).file == "/run/credentials/passerelle.service/token");
    CHECK(only_diagnostic(result, directory).find("warning: ") != std::string::npos);
}

TEST_CASE("a password in a URL is refused", "[settings]") {
    const auto text = sample::with("mqtt://127.0.0.1:1883", "mqtt://user:s3cret@127.0.0.1:1883");
    const auto lines = sample::diagnostics_of(text);
    CHECK(lines.starts_with("f.toml:7:7: 'url' holds a user name or password: remove it"));
    CHECK(lines.find("s3cret") == std::string::npos);
}

TEST_CASE("certificates must be readable and go with TLS", "[settings]") {
    const TemporaryDirectory directory;
    directory.write("ca.pem", "certificate");
    const auto load_with = [&](const std::string& url, const std::string& tls) {
        auto text = sample::with("mqtt://127.0.0.1:1883", url);
        text.replace(text.find("[source.json]"), 13, "tls = " + tls + "\n[source.json]");
        return load_text(text, directory.file("f.toml"));
    };
    const auto right = load_with("mqtts://127.0.0.1:8883", "{ ca_file = \"ca.pem\" }");
    REQUIRE(right.settings);
    const auto& tls = std::get<MqttClient>(right.settings->sources[0].driver).tls;
    CHECK(tls.enabled);
    CHECK(tls.ca_file == directory.file("ca.pem"));
    CHECK(only_diagnostic(load_with("mqtt://127.0.0.1:1883", "{ ca_file = \"ca.pem\" }"), directory)
              .starts_with(":7:7: there are TLS certificates, but 'url' is without TLS"));
    CHECK(only_diagnostic(load_with("mqtts://127.0.0.1", "{ ca_file = \"gone.pem\" }"), directory)
              .starts_with(":11:19: the file "));
    CHECK(only_diagnostic(load_with("mqtts://127.0.0.1", "{ key_file = \"ca.pem\" }"), directory)
              .starts_with(":11:7: 'certificate_file' and 'key_file' belong together"));
}
