#include "gateway/cli/credential_file.hpp"
#include "gateway/cli/device_authority.hpp"
#include "gateway/runtime/device_keys.hpp"
#include "gateway/runtime/password_hash.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <span>
#include <thread>

using gateway::cli::DeviceAuthority;
using gateway::runtime::DeviceKeys;
using gateway::runtime::PasswordHash;
using tests::CommandOutcome;
using tests::support::read_file;

namespace {

// A configuration with a source of passwords and one of keys.
class DeviceFixture {
  public:
    DeviceFixture() { configure(""); }

    void configure(const std::string& more) {
        const std::string here = directory.path().string();
        file = directory.write(
            "p.toml",
            "[gateway]\nid = \"gabes-02\"\nstate_directory = \"" + here + "/state\"\n" +
                "[[source]]\nname = \"meters\"\ndriver = \"mqtt-listener\"\n"
                "listen_secure = \"0.0.0.0:8883\"\ndataset = \"water\"\n"
                "topics = [\"water/{device}/reading\"]\nformat = \"senml-json\"\n"
                "accounts = { file = \"" +
                here + "/devices\" }\n[source.tls]\ncertificate_file = \"" + here +
                "/box.crt\"\nkey_file = \"" + here + "/box.key\"\nca_file = \"" + here +
                "/state/ca/ca.crt\"\n" +
                "[[source]]\nname = \"air\"\ndriver = \"coap\"\nlisten = \"\"\n"
                "listen_secure = \"[2001:db8::7]:5684\"\ndataset = \"water\"\n"
                "topics = [\"air/{device}\"]\nformat = \"senml-json\"\n"
                "device_keys = { file = \"" +
                here + "/keys\" }\n" + more + "[[dataset]]\nname = \"water\"\n" +
                "purpose = \"a test\"\nlegal_basis = \"public task\"\n"
                "[dataset.fields]\ndevice = \"keep\"\n"
        );
    }

    CommandOutcome run(std::vector<std::string> words) const {
        words.insert(words.begin(), "device");
        words.insert(words.end(), {"--config", file});
        return tests::run_command(words);
    }
    // What stands behind a label of the sheet.
    static std::string value(const std::string& sheet, const std::string& label) {
        const std::size_t line = sheet.find("  " + label + ' ');
        REQUIRE(line != std::string::npos);
        const std::size_t begin = sheet.find_first_not_of(' ', line + 2 + label.size());
        return sheet.substr(begin, sheet.find('\n', begin) - begin);
    }
    bool opens(const std::string& name, const std::string& password) const {
        const std::string content = read_file(directory.file("devices"));
        const std::size_t line = content.find(name + ':');
        if (line == std::string::npos) return false;
        const std::size_t begin = line + name.size() + 1;
        const auto hash =
            PasswordHash::parse(content.substr(begin, content.find('\n', begin) - begin));
        return hash && hash->matches(password);
    }

    tests::support::TemporaryDirectory directory;
    std::string file;
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "a device gets a password that is kept as a hash", "[cli]") {
    directory.write("devices", "# ours\nold:$scrypt$x\n");
    const auto added = run({"add", "m-1", "--source", "meters", "--host", "box.example"});
    REQUIRE(added.status == 0);
    CHECK(value(added.out, "address") == "mqtts://box.example:8883");
    CHECK(value(added.out, "topic") == "water/m-1/reading");
    CHECK(value(added.out, "user") == "m-1");
    const auto password = value(added.out, "password");
    CHECK(opens("m-1", password));
    const std::string content = read_file(directory.file("devices"));
    CHECK(content.starts_with("# ours\nold:$scrypt$x\nm-1:$scrypt$"));
    CHECK_FALSE(has(content, password));
    CHECK(has(added.out, "█"));
    CHECK_FALSE(has(run({"add", "m-2", "--source", "meters", "--no-qr"}).out, "█"));
}

TEST_CASE_METHOD(DeviceFixture, "the file keeps its mode, a new one is its owner's", "[cli]") {
    const auto mode_of = [&](const char* name) {
        struct stat status {};
        REQUIRE(::stat(directory.file(name).c_str(), &status) == 0);
        return status.st_mode & 0777;
    };
    REQUIRE(run({"add", "m-1", "--source", "meters"}).status == 0);
    CHECK(mode_of("devices") == 0600);
    REQUIRE(::chmod(directory.file("devices").c_str(), 0640) == 0);
    REQUIRE(run({"add", "m-2", "--source", "meters"}).status == 0);
    CHECK(mode_of("devices") == 0640);
}

TEST_CASE_METHOD(DeviceFixture, "a device gets a key for DTLS", "[cli]") {
    const auto added = run({"add", "air-1", "--source", "air"});
    REQUIRE(added.status == 0);
    CHECK(value(added.out, "address") == "coaps://[2001:db8::7]:5684/air/air-1");
    CHECK(value(added.out, "identity") == "air-1");
    const auto keys = DeviceKeys::load(directory.file("keys"));
    REQUIRE(keys.has_value());
    REQUIRE(keys->find("air-1") != nullptr);
    CHECK(keys->find("air-1")->bytes == value(added.out, "key, as text"));
    CHECK(value(added.out, "key, hexadecimal").size() == 2 * keys->find("air-1")->bytes.size());
}

TEST_CASE_METHOD(DeviceFixture, "where several sources let devices in one is chosen", "[cli]") {
    const auto refused = run({"add", "m-1"});
    CHECK(refused.status == 64);
    CHECK(has(refused.err, "--source"));
    CHECK(run({"add", "m-1", "--with", "password"}).status == 0);
    CHECK(run({"add", "a-1", "--with", "key"}).status == 0);
    CHECK(run({"add", "m-1", "--source", "nowhere"}).status == 78);
}

TEST_CASE_METHOD(DeviceFixture, "what a device has is not given twice", "[cli]") {
    REQUIRE(run({"add", "m-1", "--source", "meters"}).status == 0);
    const std::string before = read_file(directory.file("devices"));
    const auto again = run({"add", "m-1", "--source", "meters"});
    CHECK(again.status == 1);
    CHECK(has(again.err, "rotate"));
    CHECK(read_file(directory.file("devices")) == before);
}

TEST_CASE_METHOD(DeviceFixture, "a rotated device has a new secret and not the old one", "[cli]") {
    const auto first = run({"add", "m-1", "--source", "meters"});
    const auto second = run({"rotate", "m-1"});
    REQUIRE(second.status == 0);
    CHECK(opens("m-1", value(second.out, "password")));
    CHECK_FALSE(opens("m-1", value(first.out, "password")));
    CHECK(run({"rotate", "m-2"}).status == 1);
}

TEST_CASE_METHOD(DeviceFixture, "a revoked device has nothing at any source", "[cli]") {
    REQUIRE(run({"add", "m-1", "--source", "meters"}).status == 0);
    REQUIRE(run({"add", "m-1", "--source", "air"}).status == 0);
    REQUIRE(run({"add", "m-2", "--source", "meters"}).status == 0);
    const auto listed = run({"list"}).out;
    CHECK(has(listed, "m-1     meters  password"));
    CHECK(has(listed, "m-1     air     key"));
    const auto revoked = run({"revoke", "m-1"});
    CHECK(revoked.status == 0);
    CHECK(has(revoked.out, "meters"));
    CHECK(has(revoked.out, "air"));
    CHECK_FALSE(has(run({"list"}).out, "m-1"));
    CHECK(has(run({"list"}).out, "m-2"));
    CHECK(run({"revoke", "m-1"}).status == 1);
}

TEST_CASE_METHOD(
    DeviceFixture, "a key in the configuration is not this command's to take", "[cli]"
) {
    configure(
        "[source.pre_shared_keys]\nair-9 = { file = \"" + directory.file("air-9.key") + "\" }\n"
    );
    CHECK(has(run({"list"}).out, "air-9   air     pre_shared_keys"));
    const auto revoked = run({"revoke", "air-9"});
    CHECK(revoked.status == 1);
    CHECK(has(revoked.err, "[source.pre_shared_keys]"));
}

TEST_CASE_METHOD(
    DeviceFixture, "a name that would be two levels or two fields is refused", "[cli]"
) {
    for (const char* name : {"a/b", "a:b", "#a", "a+", ""}) {
        INFO(name);
        CHECK(run({"add", name, "--source", "meters"}).status == 64);
    }
}

TEST_CASE_METHOD(DeviceFixture, "the authority signs certificates and takes them back", "[cli]") {
    std::filesystem::create_directory(directory.file("state"));
    const auto made = run({"ca"});
    REQUIRE(made.status == 0);
    CHECK(has(made.out, "ca_file = \"" + directory.file("state/ca/ca.crt") + "\""));
    CHECK(run({"ca"}).out == made.out);
    struct stat key {};
    REQUIRE(::stat(directory.file("state/ca/ca.key").c_str(), &key) == 0);
    CHECK((key.st_mode & 0777) == 0600);

    const auto added = run(
        {"add",
         "m-1",
         "--source",
         "meters",
         "--with",
         "certificate",
         "--into",
         directory.path().string()}
    );
    REQUIRE(added.status == 0);
    REQUIRE(::stat(directory.file("m-1.key").c_str(), &key) == 0);
    CHECK((key.st_mode & 0777) == 0600);
    const auto verified = [&] {
        return tests::support::run(
            {"openssl",
             "verify",
             "-crl_check",
             "-purpose",
             "sslclient",
             "-CAfile",
             directory.file("state/ca/ca.crt"),
             "-CRLfile",
             directory.file("state/ca/crl.pem"),
             directory.file("m-1.crt")}
        );
    };
    CHECK(verified() == 0);
    CHECK(has(run({"list"}).out, "m-1     meters  certificate"));
    // Neither is overwritten, and nothing is taken for what could not be given.
    CHECK(run({"rotate", "m-1", "--into", directory.path().string()}).status == 1);
    CHECK(verified() == 0);
    CHECK(run({"revoke", "m-1"}).status == 0);
    CHECK(verified() != 0);
    CHECK_FALSE(has(run({"list"}).out, "m-1"));
}

TEST_CASE_METHOD(DeviceFixture, "a certificate that could not be written is nobody's", "[cli]") {
    std::filesystem::create_directory(directory.file("state"));
    REQUIRE(run({"ca"}).status == 0);
    const std::vector<std::string> add{
        "add", "m-1", "--source", "meters", "--with", "certificate", "--into"};
    const auto add_into = [&](const std::string& place) {
        auto words = add;
        words.push_back(place);
        return run(words);
    };
    const auto nowhere = add_into(directory.file("nowhere"));
    CHECK(nowhere.status == 69);
    CHECK(has(nowhere.err, "--into"));
    // Nothing is there, and yet no file of this name can be made.
    std::filesystem::create_symlink("gone", directory.file("m-1.crt"));
    CHECK(add_into(directory.path().string()).status == 69);
    CHECK_FALSE(std::filesystem::exists(directory.file("m-1.key")));
    CHECK_FALSE(has(run({"list"}).out, "m-1"));
    std::filesystem::remove(directory.file("m-1.crt"));
    CHECK(add_into(directory.path().string()).status == 0);
    CHECK(has(run({"list"}).out, "m-1"));
}

TEST_CASE_METHOD(
    DeviceFixture, "a device keeps its certificate until it has the new one", "[cli]"
) {
    std::filesystem::create_directory(directory.file("state"));
    REQUIRE(run({"ca"}).status == 0);
    const DeviceAuthority authority{directory.file("state")};
    const auto serials = [&] {
        std::vector<std::string> found;
        for (const auto& each : *authority.issued()) found.push_back(each.serial);
        return found;
    };
    std::filesystem::create_directory(directory.file("one"));
    std::filesystem::create_directory(directory.file("two"));
    REQUIRE(
        run({"add", "m-1", "--with", "certificate", "--into", directory.file("one")}).status == 0
    );
    const auto first = serials();
    std::filesystem::create_symlink("gone", directory.file("two/m-1.key"));
    CHECK(run({"rotate", "m-1", "--into", directory.file("two")}).status == 69);
    CHECK(serials() == first);
    std::filesystem::remove(directory.file("two/m-1.key"));
    CHECK(run({"rotate", "m-1", "--into", directory.file("two")}).status == 0);
    REQUIRE(serials().size() == 1);
    CHECK(serials() != first);
}

TEST_CASE_METHOD(DeviceFixture, "a name that is too long for a certificate is refused", "[cli]") {
    std::filesystem::create_directory(directory.file("state"));
    REQUIRE(run({"ca"}).status == 0);
    std::string name;
    for (int i = 0; i < 64; ++i) name += "\u00e9";
    const auto add = [&] {
        return run(
            {"add", name, "--with", "certificate", "--into", directory.path().string(), "--no-qr"}
        );
    };
    CHECK(add().status == 0);
    name = std::string(65, 'm');
    const auto refused = add();
    CHECK(refused.status == 64);
    CHECK(has(refused.err, "64"));
}

TEST_CASE_METHOD(DeviceFixture, "who revokes at once loses nobody's revocation", "[cli]") {
    std::filesystem::create_directory(directory.file("state"));
    REQUIRE(run({"ca"}).status == 0);
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kEach = 6;
    std::vector<std::string> serials;
    for (std::size_t i = 0; i < kThreads * kEach; ++i)
        serials.push_back(DeviceAuthority{directory.file("state")}.issue("m")->serial);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            const DeviceAuthority authority{directory.file("state")};
            for (std::size_t j = 0; j < kEach; ++j)
                static_cast<void>(authority.revoke({&serials[i * kEach + j], 1}));
        });
    }
    for (auto& thread : threads) thread.join();
    const std::string output = directory.file("crl.txt");
    const std::string list = directory.file("state/ca/crl.pem");
    REQUIRE(tests::support::run({"openssl", "crl", "-noout", "-text", "-in", list}, output) == 0);
    const std::string text = read_file(output);
    for (const std::string& serial : serials) {
        INFO(serial);
        CHECK(has(text, serial));
    }
    CHECK(DeviceAuthority{directory.file("state")}.issued()->empty());
}

TEST_CASE_METHOD(DeviceFixture, "whoever holds the files is not waited for without end", "[cli]") {
    using gateway::cli::CredentialFile;
    constexpr std::chrono::milliseconds kPatience{1};
    {
        const auto first = CredentialFile::open(directory.file("devices"));
        REQUIRE(first);
        const auto second = CredentialFile::open(directory.file("devices"), kPatience);
        REQUIRE(second.has_error());
        CHECK(second.error() == boost::system::errc::device_or_resource_busy);
    }
    CHECK(CredentialFile::open(directory.file("devices"), kPatience).has_value());
}

TEST_CASE_METHOD(DeviceFixture, "the authority is made through no link", "[cli]") {
    std::filesystem::create_directories(directory.file("elsewhere"));
    std::filesystem::create_directory(directory.file("state"));
    std::filesystem::create_directory_symlink(
        directory.file("elsewhere"), directory.file("state/ca")
    );
    CHECK(run({"ca"}).status == 69);
    CHECK(std::filesystem::is_empty(directory.file("elsewhere")));
}
