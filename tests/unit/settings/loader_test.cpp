#include "gateway/settings/loader.hpp"

#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;
using namespace std::chrono_literals;

TEST_CASE("a right configuration loads without a diagnostic", "[settings]") {
    const auto result = sample::load(sample::kConfiguration);
    CHECK(sample::diagnostics_of(sample::kConfiguration).empty());
    REQUIRE(result.settings);
    CHECK(result.settings->gateway.id == "tunis-bardo-07");
    CHECK(result.settings->sources.size() == 2);
    CHECK(result.settings->datasets.size() == 2);
    CHECK(result.settings->uplinks.size() == 1);
}

TEST_CASE("what is not written has its documented default", "[settings]") {
    const auto result = sample::load(sample::kConfiguration);
    REQUIRE(result.settings);
    const Settings& settings = *result.settings;
    CHECK(settings.buffer.path == "/var/lib/passerelle/buffer.db");
    CHECK(settings.buffer.size_max == 2ULL << 30);
    CHECK(settings.status.listen == "127.0.0.1:8080");
    CHECK(settings.clock.trust == Clock::Trust::kernel);
    CHECK(settings.clock.wait_max == 1h);
    CHECK(settings.datasets[0].retention == 30 * 24h);
    CHECK(settings.uplinks[0].batch_readings_max == 10'000);
    const auto& mqtt = std::get<MqttClient>(settings.sources[0].driver);
    CHECK(mqtt.version == 5);
    CHECK(mqtt.qos == 1);
    CHECK_FALSE(mqtt.tls.enabled);
}

TEST_CASE("who vouches for the clock is the operator's choice", "[settings]") {
    const std::string clock =
        "[clock]\ntrust = \"mark\"\nmark = \"/run/gps/set\"\nwait_max = \"20 min\"\n";
    const auto result = sample::load(clock + std::string{sample::kConfiguration});
    REQUIRE(result.settings);
    CHECK(result.settings->clock.trust == Clock::Trust::mark);
    CHECK(result.settings->clock.mark == "/run/gps/set");
    CHECK(result.settings->clock.wait_max == 20min);
    const auto wrong = sample::diagnostics_of("[clock]\ntrust = \"ntp\"\n");
    CHECK(wrong.find("f.toml:2:9") != std::string::npos);
}

TEST_CASE("a group may be let in to the socket", "[settings]") {
    const std::string status = "[status]\nsocket = \"s.sock\"\ngroup = \"passerelle-admin\"\n";
    const auto result = sample::load(status + std::string{sample::kConfiguration});
    REQUIRE(result.settings);
    CHECK(result.settings->status.group == "passerelle-admin");
    for (const char* wrong : {"\"\"", "\"a b\"", "\"a:b\"", "\"/etc\"", "7", "[\"a\"]"}) {
        INFO(wrong);
        const auto text = std::string{"[status]\nsocket = \"s\"\ngroup = "} + wrong + '\n';
        CHECK(sample::diagnostics_of(text).find("f.toml:3:") != std::string::npos);
    }
    const auto alone = "[status]\ngroup = \"a\"\n" + std::string{sample::kConfiguration};
    CHECK(sample::diagnostics_of(alone).find("'group' has no effect") != std::string::npos);
}

TEST_CASE("the status page may be given names", "[settings]") {
    const std::string status = "[status]\nhosts = [\"gw.example.org\", \"192.0.2.7\"]\n";
    const auto result = sample::load(status + std::string{sample::kConfiguration});
    REQUIRE(result.settings);
    CHECK(result.settings->status.hosts == std::vector<std::string>{"gw.example.org", "192.0.2.7"});
    for (const char* wrong :
         {"\"gw.example.org\"", "[\"http://gw.example.org\"]", "[\"gw:80\"]", "[\"\"]", "[7]"}) {
        INFO(wrong);
        const auto text = std::string{"[status]\nhosts = "} + wrong + '\n';
        CHECK(sample::diagnostics_of(text).find("f.toml:2:") != std::string::npos);
    }
}

TEST_CASE("five mistakes give five diagnostics, each at its place", "[settings]") {
    const auto result = sample::load(R"([gateway]
id = "tunis bardo"
[buffer]
size_max = "2 giga"
  lingr = "50 ms"
[[source]]
name = "meters"
driver = "mqtt"
url = "mqtt://127.0.0.1:1883"
topics = ["water/{device}/reading"]
format = "senml-json"
qos = 3
dataset = "watr"
[[dataset]]
name = "water"
purpose = "leak detection"
legal_basis = "public task"
fields = { device = "pseudonym" }
[[uplink]]
name = "city"
kind = "http"
url = "https://data.example.org/"
)");
    CHECK_FALSE(result.settings);
    std::vector<Diagnostic> errors;
    for (const auto& diagnostic : result.diagnostics) {
        if (diagnostic.severity == Severity::error) errors.push_back(diagnostic);
    }
    REQUIRE(errors.size() == 5);
    CHECK(errors[0].at == Position{2, 6});
    CHECK(errors[1].at == Position{4, 12});
    CHECK(errors[2].at == Position{5, 3});
    CHECK(errors[3].at == Position{12, 7});
    CHECK(errors[4].at == Position{13, 11});
    CHECK(
        to_string(errors[2]) ==
        "f.toml:5:3: 'lingr' is not a key of [buffer]: did you mean 'linger'?"
    );
    CHECK(
        to_string(errors[3]) == "f.toml:12:7: 'qos' is out of bounds: write something from 0 to 2"
    );
    CHECK(
        to_string(errors[4]) == "f.toml:13:11: there is no dataset \"watr\": did you mean 'water'?"
    );
}

TEST_CASE("columns count characters, not bytes", "[settings]") {
    const auto result = sample::load("[gateway]\nid = \"a\"\ncity = \"Médéa\"  \nx = { é = 1 }\n");
    REQUIRE_FALSE(result.diagnostics.empty());
    const auto inline_table = sample::load(
        "[gateway]\nid = \"a\"\n[status]\nlisten = \"\"\n"
        "[buffer]\npath = \"é\" \nx = 1\n"
    );
    CHECK(inline_table.diagnostics.back().at == Position{7, 1});
}

TEST_CASE("what is not TOML is reported with its place", "[settings]") {
    const auto result = sample::load("[gateway]\nid = tunis\n");
    CHECK_FALSE(result.settings);
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].at.line == 2);
}

TEST_CASE("a key that stands twice is reported where it stands again", "[settings]") {
    const auto result = sample::load("[gateway]\nid = \"a\"\n  id = \"b\"\n");
    REQUIRE(result.diagnostics.size() == 1);
    CHECK(result.diagnostics[0].at == Position{3, 3});
}

TEST_CASE("a file that is not there is an error and not an exception", "[settings]") {
    const auto result = load("/nonexistent/passerelle.toml");
    CHECK_FALSE(result.settings);
    CHECK(has_errors(result.diagnostics));
    CHECK(has_errors(load("/").diagnostics));
}

TEST_CASE("something far too long is refused before it is read", "[settings]") {
    const auto result = sample::load(std::string((1 << 20) + 1, ' '));
    CHECK_FALSE(result.settings);
    CHECK(result.diagnostics.size() == 1);
}

TEST_CASE("a flood of mistakes is cut", "[settings]") {
    std::string text = "[gateway]\n";
    for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + " = 1\n";
    const auto result = sample::load(text);
    CHECK(result.diagnostics.size() == Diagnostics::kDiagnosticsMax);
    CHECK_FALSE(result.settings);
}

TEST_CASE("an empty file says what is missing", "[settings]") {
    const auto result = sample::load("");
    CHECK_FALSE(result.settings);
    REQUIRE_FALSE(result.diagnostics.empty());
    CHECK(result.diagnostics[0].at == Position{1, 1});
}

TEST_CASE("relative paths start at the configuration's directory", "[settings]") {
    const auto result = load_text(
        std::string{sample::kConfiguration} + "[buffer]\npath = \"data/buffer.db\"\n",
        "/etc/passerelle/passerelle.toml"
    );
    REQUIRE(result.settings);
    CHECK(result.settings->buffer.path == "/etc/passerelle/data/buffer.db");
}

TEST_CASE("a linger is a time or automatic", "[settings]") {
    const auto load = [](const std::string& keys) {
        return sample::load(std::string{sample::kConfiguration} + "[buffer]\n" + keys);
    };
    const auto fixed = load("linger = \"50 ms\"\n");
    REQUIRE(fixed.settings);
    CHECK(fixed.settings->buffer.linger == 50ms);
    const auto automatic = load("linger = \"auto\"\nflash_budget_per_day = \"100 MiB\"\n");
    REQUIRE(automatic.settings);
    CHECK_FALSE(automatic.settings->buffer.linger);
    CHECK(automatic.settings->buffer.flash_budget_per_day == 100ULL << 20);
    CHECK(load("linger = \"auto\"\n").settings->buffer.flash_budget_per_day == 200ULL << 20);
    const auto useless = load("flash_budget_per_day = \"100 MiB\"\n");
    CHECK_FALSE(useless.settings);
    CHECK(
        to_string(useless.diagnostics.back())
            .ends_with("'flash_budget_per_day' has no effect with a fixed 'linger': write linger = "
                       "\"auto\", or remove 'flash_budget_per_day'")
    );
    CHECK_FALSE(load("linger = \"automatic\"\n").settings);
}

TEST_CASE("sessions at a broker have names that no other box or table has", "[settings]") {
    const auto result = sample::load(
        std::string{sample::kConfiguration} +
        "[[uplink]]\nname = \"meters\"\nkind = \"mqtt\"\nurl = \"mqtt://127.0.0.1:1883\"\n"
    );
    REQUIRE(result.settings);
    const auto& source = std::get<MqttClient>(result.settings->sources[0].driver);
    const auto& uplink = std::get<MqttUplink>(result.settings->uplinks[1].kind);
    CHECK(source.client_id == "passerelle-tunis-bardo-07-meters");
    CHECK(uplink.client.client_id == "passerelle-tunis-bardo-07-to-meters");
}
