// What can be said of a gateway whatever else is wrong with its configuration.
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using gateway::settings::Settings;
using gateway::settings::Status;

namespace {

constexpr const char* kTables = R"toml([gateway]
id = "tunis-bardo-07"
language = "fr"
[status]
listen = "0.0.0.0:9090"
socket = "/run/passerelle/status"
group = "technicians"
hosts = ["box.example.org"]
)toml";

Settings readable(const std::string& text) {
    return sample::load(text).readable;
}

}  // namespace

TEST_CASE("of a right configuration everything that can be said is", "[settings]") {
    const auto loaded = sample::load(sample::kConfiguration);
    REQUIRE(loaded.settings);
    CHECK(loaded.readable.gateway.id == loaded.settings->gateway.id);
    CHECK(loaded.readable.status.listen == loaded.settings->status.listen);
}

TEST_CASE("mistakes elsewhere leave [status] as it is", "[settings]") {
    const auto settings = readable(std::string(kTables) + "[[source]]\nname = 7\n");
    CHECK(settings.gateway.id == "tunis-bardo-07");
    CHECK(settings.gateway.language == "fr");
    CHECK(settings.status.listen == "0.0.0.0:9090");
    CHECK(settings.status.group == "technicians");
    CHECK(settings.status.hosts.size() == 1);
}

TEST_CASE("a mistake in [status] keeps it on the loopback", "[settings]") {
    const auto settings = readable(std::string(kTables) + "grop = \"a\"\n");
    CHECK(settings.status.listen == "127.0.0.1:9090");
    CHECK(settings.status.socket == "/run/passerelle/status");
    CHECK(settings.status.hosts.empty());
    CHECK(readable("[status]\nlisten = \"7\"\n").status.listen == Status{}.listen);
}

TEST_CASE("of a file that is cut what stands before is read, on the loopback", "[settings]") {
    const std::string whole = std::string(kTables) + "[[source]]\nname = \"me";
    const auto settings = readable(whole);
    CHECK(settings.gateway.id == "tunis-bardo-07");
    CHECK(sample::load(whole).language == "fr");
    CHECK(settings.status.listen == "127.0.0.1:9090");
    CHECK(settings.status.group == "technicians");
    CHECK(settings.status.hosts.empty());
    // A value over several lines is told where it begins, or at the end of the file.
    CHECK(
        readable(std::string(kTables) + "[[source]]\ntopics = [\n\"a\",\n").gateway.language == "fr"
    );
    CHECK(readable(std::string(kTables) + "[register]\na = \"\"\"\nb\n").gateway.language == "fr");
}

TEST_CASE("every beginning of a configuration can be read", "[settings]") {
    const std::string whole = std::string(kTables) + "[[source]]\nname = \"meters\"\n";
    const std::size_t known = whole.find("language");  // from here on its name is complete
    for (std::size_t size = 0; size < whole.size(); ++size) {
        INFO(whole.substr(0, size));
        CHECK(readable(whole.substr(0, size)).gateway.id.empty() == (size < known - 1));
    }
}

TEST_CASE("of what is no configuration nothing is read", "[settings]") {
    for (const std::string text : {"", "\xff\xfe", "= = =", "[[[[", "a"}) {
        CHECK(readable(text).gateway.id.empty());
        CHECK(readable(text).status.listen == Status{}.listen);
    }
}
