// `firmware`: what the city signs, what is looked at before a gateway is asked, and what one says.
#include "gateway/cli/running_gateway.hpp"
#include "gateway/firmware/messages.hpp"
#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/rollout/messages.hpp"
#include "gateway/runtime/key_text.hpp"
#include "gateway/status/json_firmware.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/cli/command_session.hpp"
#include "tests/unit/cli/scripted_server.hpp"

#include <catch2/catch.hpp>

#include <variant>

using namespace gateway;
using namespace gateway::cli;
using firmware::Image;
using firmware::Manifest;
using tests::CommandOutcome;
using tests::http_answer;
using tests::run_command;
using tests::ScriptedServer;
using tests::support::read_file;
using tests::support::TemporaryDirectory;

namespace {

// A machine of the city, with a key and an image.
class Desk {
  public:
    Desk() {
        const auto made = run_command({"firmware", "keygen", key});
        REQUIRE(made.status == kExitOk);
        const std::string begin = "firmware_keys = [\"";
        REQUIRE(made.out.starts_with(begin));
        REQUIRE(made.out.ends_with("\"]\n"));
        const auto text = made.out.substr(begin.size(), made.out.size() - begin.size() - 3);
        REQUIRE(runtime::parse_key(text, public_key));
        directory.write("meter.bin", "an image of a firmware");
    }

    CommandOutcome sign(std::vector<std::string> more) const {
        std::vector<std::string> words{
            "firmware", "sign", "--key", key, "--vendor", "acme", "--class", "meter-3"};
        words.insert(words.end(), more.begin(), more.end());
        return run_command(words);
    }

    // Of meter.bin, beside it.
    std::string signed_image() const {
        REQUIRE(sign({"--sequence", "12", "--expires", "2099-06-30", image}).status == kExitOk);
        return image + ".manifest";
    }

    Manifest opened(const std::string& file) const {
        const auto manifest = firmware::open_manifest(read_file(file), {public_key});
        REQUIRE(manifest);
        return *manifest;
    }

    TemporaryDirectory directory;
    std::string key = directory.file("firmware.key");
    std::string image = directory.file("meter.bin");
    firmware::PublicKey public_key{};
};

// A gateway at a unix socket that gives one answer.
class Gateway {
  public:
    explicit Gateway(const std::string& answer)
        : server_(ScriptedServer::Kind::local, directory_.file("socket"), answer) {}

    CommandOutcome ask(std::vector<std::string> words) const {
        words.insert(words.begin(), "firmware");
        words.insert(words.end(), {"--address", server_.address()});
        return run_command(words);
    }

    const std::string& request() { return server_.request(); }

  private:
    TemporaryDirectory directory_;
    ScriptedServer server_;
};

std::string refusal(const std::string& status, const std::string& code) {
    return http_answer(rollout::to_json(rollout::Refusal{409, code, "So it is."}), status);
}

}  // namespace

TEST_CASE("what is signed is what was said, with the city's key", "[cli]") {
    const Desk desk;
    const auto made = desk.sign(
        {"--sequence",
         "12",
         "--expires",
         "2099-06-30",
         "--node",
         "north-7",
         "--base",
         "9",
         desk.image,
         "-o",
         desk.directory.file("m")}
    );
    REQUIRE(made.status == kExitOk);
    CHECK(made.out.find("firmware 12 for acme / meter-3, node north-7") != std::string::npos);
    CHECK(made.out.find("2099-07-01 00:00:00\u00a0UTC") != std::string::npos);
    CHECK(
        made.out.find("passerelle firmware add " + desk.directory.file("m")) != std::string::npos
    );
    const Manifest manifest = desk.opened(desk.directory.file("m"));
    CHECK(manifest.vendor == "acme");
    CHECK(manifest.device_class == "meter-3");
    CHECK(manifest.sequence == 12);
    CHECK(manifest.node == "north-7");
    CHECK(manifest.expires == std::chrono::sys_days{std::chrono::year{2099} / 7 / 1});
    const auto& image = std::get<Image>(manifest.content);
    CHECK(image.size == 22);
    CHECK(image.sequence_min == 9);
    // printf 'an image of a firmware' | sha256sum
    CHECK(image.sha256.front() == 0xba);
    CHECK(image.sha256.back() == 0x6d);
    const firmware::PublicKey other{1};
    CHECK_FALSE(firmware::open_manifest(read_file(desk.directory.file("m")), {other}));
}

TEST_CASE("settings are signed without an image", "[cli]") {
    const Desk desk;
    const std::string file = desk.directory.file("hourly");
    const auto made = desk.sign(
        {"--sequence",
         "4",
         "--expires",
         "2099-06-30T12:00:00Z",
         "--reporting-interval",
         "3600",
         "-o",
         file}
    );
    REQUIRE(made.status == kExitOk);
    CHECK(made.out.find("settings 4 for acme / meter-3") != std::string::npos);
    CHECK(made.out.find("2099-06-30 12:00:00\u00a0UTC") != std::string::npos);
    const auto settings = std::get<firmware::DeviceSettings>(desk.opened(file).content);
    CHECK(settings.reporting_interval_s == 3600);
}

TEST_CASE("what no device could take is not signed", "[cli]") {
    const Desk desk;
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{"--sequence", "12", "--expires", "2001-01-01", desk.image}, "is over"},
        {{"--sequence", "12", "--expires", "next year", desk.image}, "neither a day"},
        {{"--sequence", "12", "--expires", "2106-02-07", desk.image}, "too far"},
        {{"--sequence", "12", "--expires", "2099-06-30", "--node", "a b", desk.image}, "--node"},
        {{"--sequence", "12", "--expires", "2099-06-30"}, "--reporting-interval"},
        {{"--sequence", "12", "--expires", "2099-06-30", "--base", "12", desk.image}, "--base"},
        {{"--sequence", "0", "--expires", "2099-06-30", desk.image}, ""},
        {{"--sequence", "12", "--expires", "2099-06-30", "--reporting-interval", "86401"}, ""},
        {{"--sequence", "12", "--expires", "2099-06-30", "--reporting-interval", "5", desk.image},
         ""}};
    for (const auto& [words, said] : cases) {
        const auto outcome = desk.sign(words);
        CHECK(outcome.status == kExitUsage);
        CHECK(outcome.err.find(said) != std::string::npos);
    }
    CHECK(read_file(desk.image + ".manifest").empty());
}

TEST_CASE("what cannot be read is told with its name", "[cli]") {
    const Desk desk;
    const std::vector<std::string> order{"--sequence", "12", "--expires", "2099-06-30"};
    const auto with = [&](const std::string& file) {
        auto words = order;
        words.push_back(file);
        return desk.sign(words);
    };
    const auto missing = with(desk.directory.file("nothing.bin"));
    CHECK(missing.status == kExitUnavailable);
    CHECK(missing.err.find("nothing.bin cannot be read") != std::string::npos);
    const auto empty = with(desk.directory.write("empty.bin", ""));
    CHECK(empty.status == kExitNotOpened);
    const auto huge = with(desk.directory.write("huge.bin", std::string((16U << 20U) + 1, 'x')));
    CHECK(huge.status == kExitNotOpened);
    CHECK(huge.err.find("16\u00a0MiB") != std::string::npos);
    desk.directory.write("firmware.key", "no key");
    const auto keyless = with(desk.image);
    CHECK(keyless.status == kExitUnavailable);
    CHECK(keyless.err.find("passerelle firmware keygen") != std::string::npos);
}

TEST_CASE("add sends what was signed, and says its number", "[cli]") {
    const Desk desk;
    const std::string manifest = desk.signed_image();
    Gateway gateway(http_answer(firmware::number_to_json(7)));
    const auto outcome = gateway.ask({"add", manifest, desk.image});
    CHECK(outcome.status == kExitOk);
    CHECK(outcome.out == "7\n");
    CHECK(outcome.err.find("firmware 12 for acme / meter-3") != std::string::npos);
    CHECK(gateway.request().starts_with("POST /firmware/add HTTP/1.1\r\n"));
    const auto end = gateway.request().find("\r\n\r\n");
    const auto request = firmware::parse_add_request(gateway.request().substr(end + 4));
    REQUIRE(request);
    CHECK(request->signed_manifest == read_file(manifest));
    CHECK(request->image == read_file(desk.image));
}

TEST_CASE("what does not belong together is refused before a gateway is asked", "[cli]") {
    const Desk desk;
    const std::string manifest = desk.signed_image();
    const std::string text = read_file(desk.image);
    std::string flipped = text;
    flipped[3] ^= 1;
    REQUIRE(
        desk.sign({"--sequence",
                   "4",
                   "--expires",
                   "2099-06-30",
                   "--reporting-interval",
                   "60",
                   "-o",
                   desk.directory.file("settings")})
            .status == kExitOk
    );
    const std::string settings = desk.directory.file("settings");
    const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
        {{manifest, desk.directory.write("short.bin", text.substr(1))}, "cut short"},
        {{manifest, desk.directory.write("long.bin", text + "x")}, "not the image"},
        {{manifest, desk.directory.write("other.bin", flipped)}, "SHA-256"},
        {{manifest}, "name its image"},
        {{settings, desk.image}, "no image"},
        {{desk.image, desk.image}, "no manifest"},
        {{desk.directory.write("long", read_file(manifest) + std::string(242, '\0')), desk.image},
         "no manifest"}};
    for (const auto& [files, said] : cases) {
        std::vector<std::string> words{"firmware", "add"};
        words.insert(words.end(), files.begin(), files.end());
        words.insert(words.end(), {"--address", desk.directory.file("nobody")});
        const auto outcome = run_command(words);
        CHECK(outcome.status == kExitNotOpened);
        CHECK(outcome.err.find(said) != std::string::npos);
    }
}

TEST_CASE("rollout and abort name an update", "[cli]") {
    Gateway rolling(http_answer("{}"));
    CHECK(rolling.ask({"rollout", "3", "--up-to", "tenth"}).status == kExitOk);
    CHECK(rolling.request().ends_with(R"({"number":3,"up_to":"tenth"})"));
    Gateway whole(http_answer("{}"));
    CHECK(whole.ask({"rollout", "3"}).status == kExitOk);
    CHECK(whole.request().ends_with(R"({"number":3,"up_to":"all"})"));
    Gateway ending(http_answer("{}"));
    CHECK(ending.ask({"abort", "3"}).out.find("withdrawn") != std::string::npos);
    CHECK(ending.request().ends_with(R"({"number":3})"));
    CHECK(run_command({"firmware", "rollout", "3", "--up-to", "most"}).status == kExitUsage);
    CHECK(run_command({"firmware", "abort"}).status == kExitUsage);
    CHECK(run_command({"firmware", "abort", "0"}).status == kExitUsage);
}

TEST_CASE("what stands in the way has its exit status", "[cli]") {
    const std::vector<std::pair<std::string, int>> cases{
        {refusal("409 Conflict", "too-old"), kExitNotDone},
        {refusal("409 Conflict", rollout::kStandsStill), kExitUnavailable},
        {http_answer("no", "403 Forbidden"), kExitNotAllowed},
        {http_answer("no", "503 Service Unavailable"), kExitNotDone}};
    for (const auto& [answer, status] : cases) {
        const auto outcome = Gateway(answer).ask({"abort", "3"});
        CHECK(outcome.status == status);
        CHECK_FALSE(outcome.err.empty());
    }
    CHECK(Gateway(refusal("409 Conflict", "x")).ask({"abort", "3"}).err == "So it is.\n");
    const auto nobody = run_command({"firmware", "abort", "3", "--address", "/nowhere/socket"});
    CHECK(nobody.status == kExitUnavailable);
    CHECK(nobody.err.find("/nowhere/socket") != std::string::npos);
    const auto tcp = run_command({"firmware", "abort", "3", "--address", "127.0.0.1:8080"});
    CHECK(tcp.status == kExitUsage);
    CHECK(Gateway(http_answer("<html>")).ask({"status"}).status == kExitUnavailable);
}

TEST_CASE("status shows updates and says what to do next", "[cli]") {
    observe::FirmwareReport report;
    auto& update = report.updates.emplace_back();
    update.number = 3;
    update.vendor = "acme";
    update.device_class = "meter-3";
    update.sequence = 12;
    update.size = 1024;
    update.expires = "2027-06-30T00:00:00Z";
    update.state = "stopped";
    update.stage = "one";
    update.up_to = "one";
    update.why = "A device went back to its former firmware.";
    update.devices = 4;
    update.by_state = {{"rolled-back", 1}};
    auto& device = report.devices.emplace_back();
    device.source = "line";
    device.label = "address 3";
    device.name = "0a1b2c3d";
    device.vendor = "acme\u009b31m";
    device.device_class = "meter-3";
    device.firmware = 11;
    device.update = 3;
    device.state = "rolled-back";
    device.heard_s = 5;
    const std::string json = status::to_json(report);
    const auto outcome = Gateway(http_answer(json)).ask({"status"});
    CHECK(outcome.status == kExitOk);
    for (const char* text :
         {"Update 3: firmware 12 (1\u00a0KiB)\n",
          "halted (one device)",
          "until    2027-06-30 00:00:00\u00a0UTC",
          "went back to the former one 1; 4 known",
          "  - A device went back to its former firmware.\n",
          "passerelle firmware rollout 3",
          "line, address 3 (0a1b2c3d)",
          "5\u00a0s ago"})
        CHECK(outcome.out.find(text) != std::string::npos);
    CHECK(outcome.out.find("\u009b") == std::string::npos);  // no order to the terminal
    CHECK(Gateway(http_answer(json)).ask({"status", "--json"}).out == json + '\n');
    const auto none =
        Gateway(http_answer(status::to_json(observe::FirmwareReport{}))).ask({"status"});
    CHECK(none.out.find("No update is stored.") != std::string::npos);
}
