// The keys of driver = "mqtt-listener", and what is said about mistakes in them.
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

using namespace gateway::settings;
using tests::support::TemporaryDirectory;

namespace {

// A directory with the private files that a listener's keys name.
struct Fixture {
    Fixture() {
        for (const char* name : {"devices", "key-1", "box.key"}) {
            std::filesystem::permissions(
                directory.write(name, "s3cret\n"), std::filesystem::perms::owner_read
            );
        }
        directory.write("box.crt", "-\n");
        directory.write("ca.crt", "-\n");
    }

    // The sample's first source as a listener with these lines.
    LoadResult load(const std::string& lines) const {
        const auto text = sample::with(
            "driver = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1883\"",
            "driver = \"mqtt-listener\"\n" + lines
        );
        return load_text(text, directory.file("f.toml"));
    }

    // What is said about it, one a line, without the file's name.
    std::string said(const std::string& lines) const {
        std::string all;
        for (const auto& diagnostic : load(lines).diagnostics)
            all += to_string(diagnostic).substr(directory.file("f.toml").size()) + '\n';
        return all;
    }

    bool says(const std::string& lines, std::string_view text) const {
        const std::string all = said(lines);
        INFO(all);
        return std::count(all.begin(), all.end(), '\n') == 1 && all.find(text) != std::string::npos;
    }

    TemporaryDirectory directory;
};

constexpr const char* kAccounts = "accounts = { file = \"devices\" }\n";
constexpr const char* kCertificate =
    "tls = { certificate_file = \"box.crt\", key_file = \"box.key\" }\n";

}  // namespace

TEST_CASE_METHOD(Fixture, "every key of a listener is taken", "[settings]") {
    const auto loaded = load(
        "listen = \"127.0.0.1:1884\"\n"
        "listen_secure = \"[::1]:8884\"\n"
        "tls = { certificate_file = \"box.crt\", key_file = \"box.key\", ca_file = \"ca.crt\", "
        "crl_file = \"ca.crt\" }\n"
        "device_keys = { file = \"key-1\" }\n"
        "accounts = { file = \"devices\" }\n"
        "pre_shared_keys = { pump-1 = { file = \"key-1\" } }\n"
        "access = [{ identity = \"roof-*\", topics = [\"water/+/reading\", \"air/#\"] }]\n"
        "connections_max = 7\n"
        "connections_per_address_max = 3\n"
    );
    for (const auto& diagnostic : loaded.diagnostics) INFO(to_string(diagnostic));
    CHECK(loaded.diagnostics.empty());
    REQUIRE(loaded.settings);
    const auto& listener = std::get<MqttListener>(loaded.settings->sources[0].driver);
    CHECK(listener.listen == "127.0.0.1:1884");
    CHECK(listener.listen_secure == "[::1]:8884");
    CHECK(std::filesystem::path(listener.tls.certificate_file).filename() == "box.crt");
    CHECK(std::filesystem::path(listener.tls.key_file).filename() == "box.key");
    CHECK(std::filesystem::path(listener.tls.ca_file).filename() == "ca.crt");
    CHECK(std::filesystem::path(listener.tls.crl_file).filename() == "ca.crt");
    REQUIRE(listener.device_keys);
    CHECK(listener.device_keys->file == directory.file("key-1"));
    REQUIRE(listener.accounts);
    CHECK(listener.accounts->file == directory.file("devices"));
    REQUIRE(listener.pre_shared_keys.size() == 1);
    CHECK(listener.pre_shared_keys.at("pump-1").file == directory.file("key-1"));
    REQUIRE(listener.access.size() == 1);
    CHECK(listener.access[0].identity == "roof-*");
    CHECK(listener.access[0].topics == std::vector<std::string>{"water/+/reading", "air/#"});
    CHECK_FALSE(listener.anonymous);
    CHECK(listener.connections_max == 7);
    CHECK(listener.connections_per_address_max == 3);
}

TEST_CASE_METHOD(Fixture, "a listener's bounds have defaults", "[settings]") {
    const auto loaded = load(std::string{"listen = \"127.0.0.1:1884\"\n"} + kAccounts);
    CHECK(loaded.diagnostics.empty());
    REQUIRE(loaded.settings);
    const auto& listener = std::get<MqttListener>(loaded.settings->sources[0].driver);
    CHECK(listener.listen_secure.empty());
    CHECK(listener.connections_max == 2000);
    CHECK(listener.connections_per_address_max == 2000);
    CHECK(listener.access.empty());
}

TEST_CASE_METHOD(Fixture, "a listener that listens nowhere is told so", "[settings]") {
    CHECK(says(kAccounts, "this source listens nowhere: write listen_secure = "));
    CHECK(says(std::string{"listen = \"\"\n"} + kAccounts, ":7:10: this source listens nowhere"));
}

TEST_CASE_METHOD(Fixture, "a listener that asks nobody who he is must say so", "[settings]") {
    const std::string listen = "listen = \"127.0.0.1:1884\"\n";
    CHECK(says(listen, "nothing says which devices may connect: write accounts = "));
    const auto open = load(listen + "anonymous = true\n");
    REQUIRE(open.settings);
    REQUIRE(open.diagnostics.size() == 1);
    CHECK(says(
        listen + "anonymous = true\n", "anyone who reaches this source can send readings in any"
    ));
    CHECK(says(listen + "anonymous = false\n", "nothing says which devices may connect"));
    // A certificate of the gateway proves nothing about the devices.
    CHECK(says(
        std::string{"listen_secure = \"127.0.0.1:8884\"\n"} + kCertificate,
        "nothing says which devices may connect"
    ));
}

TEST_CASE_METHOD(Fixture, "passwords in the clear over the network are warned of", "[settings]") {
    const auto loaded = load(std::string{"listen = \"0.0.0.0:1884\"\n"} + kAccounts);
    CHECK(loaded.settings);
    CHECK(says(
        std::string{"listen = \"0.0.0.0:1884\"\n"} + kAccounts,
        "passwords cross the network in the clear on their way to 0.0.0.0:1884"
    ));
    CHECK(said(std::string{"listen = \"127.0.0.1:1884\"\n"} + kAccounts).empty());
}

TEST_CASE_METHOD(Fixture, "TLS needs a certificate or keys, and a place to listen", "[settings]") {
    const std::string secure = "listen_secure = \"0.0.0.0:8884\"\n";
    const std::string keys = "pre_shared_keys = { pump-1 = { file = \"key-1\" } }\n";
    const std::string plain = "listen = \"127.0.0.1:1884\"\n";
    CHECK(says(secure + kAccounts, "TLS needs a certificate, or the devices' keys"));
    CHECK(said(secure + kAccounts + kCertificate).empty());
    CHECK(said(secure + keys).empty());
    const std::string one_file = "device_keys = { file = \"key-1\" }\n";
    CHECK(said(secure + one_file).empty());
    CHECK(says(plain + kAccounts + one_file, "there are keys, but no TLS listener"));
    CHECK(says(plain + kAccounts + kCertificate, "there are keys, but no TLS listener"));
    CHECK(says(plain + kAccounts + keys, "there are keys, but no TLS listener"));
    CHECK(says(
        secure + kAccounts + "tls = { certificate_file = \"box.crt\" }\n",
        "'certificate_file' and 'key_file' belong together"
    ));
}

TEST_CASE_METHOD(Fixture, "a port that another listener has is told", "[settings]") {
    CHECK(says(
        "listen = \"127.0.0.1:8884\"\nlisten_secure = \"0.0.0.0:8884\"\n" + std::string{kAccounts} +
            kCertificate,
        ":8:17: another listener has the port 8884 already"
    ));
    // The CoAP source of the sample listens on a port of UDP.
    CHECK(said(std::string{"listen = \"127.0.0.1:5683\"\n"} + kAccounts).empty());
}

TEST_CASE_METHOD(Fixture, "mistakes in the keys of a listener have their place", "[settings]") {
    const std::string good = std::string{"listen = \"127.0.0.1:1884\"\n"} + kAccounts;
    CHECK(says(good + "connections_max = 0\n", ":9:19: 'connections_max' is out of bounds"));
    CHECK(says(good + "connections_max = 20001\n", "from 1 to 20000"));
    CHECK(says(good + "connections_per_address_max = 0\n", ":9:31: "));
    CHECK(says(good + "anonymous = 1\n", ":9:13: 'anonymous'"));
    CHECK(says(good + "access = \"roof-1\"\n", "[[source.access]]"));
    CHECK(says(good + "access = [{ identity = \"a\" }]\n", "'topics' is missing"));
    CHECK(says(good + "access = [{ topics = [\"a\"] }]\n", "'identity' is missing"));
    CHECK(says(
        good + "access = [{ identity = \"a\", topics = [\"a/#/b\"] }]\n", "has # before its end"
    ));
    CHECK(says(
        good + "access = [{ identity = \"a\", topic = [\"a\"], topics = [\"a\"] }]\n",
        "did you mean 'topics'?"
    ));
    CHECK(says(good + "qos = 1\n", "'qos' is not a key of [[source]]: it belongs to driver"));
    CHECK(says(good + "listen_secure = \"8884\"\n", ":9:17: \"8884\" is not an address"));
}

TEST_CASE_METHOD(Fixture, "a listener without topics receives nothing", "[settings]") {
    const auto text = sample::with(
        "driver = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1883\"\ntopics = [\"water/{device}/reading\"]",
        std::string{"driver = \"mqtt-listener\"\nlisten = \"127.0.0.1:1884\"\n"} + kAccounts
    );
    const auto loaded = load_text(text, directory.file("f.toml"));
    REQUIRE(loaded.diagnostics.size() == 1);
    CHECK(to_string(loaded.diagnostics[0]).find("has no 'topics'") != std::string::npos);
}
