// What the command `firmware` asks, over a real unix socket, of a gateway whose desk is the test's.
#include "gateway/firmware_control.hpp"

#include "gateway/cli/http_get.hpp"
#include "gateway/cli/report_reader.hpp"
#include "gateway/observe/history.hpp"
#include "gateway/observe/memory_log.hpp"
#include "gateway/rollout/messages.hpp"
#include "gateway/status/status_server.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace gateway;
using cli::http_post;
using firmware::Stage;

namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kPatience{30};

// Takes everything but what is called "refused", and remembers it.
class ScriptedDesk final : public firmware::RolloutDesk {
  public:
    asio::awaitable<model::Result<std::uint32_t, Refusal>> add(
        std::string signed_manifest, std::string image
    ) override {
        if (signed_manifest == "refused") co_return refusal();
        manifest = std::move(signed_manifest);
        image_bytes = image.size();
        last_byte = image.empty() ? '\0' : image.back();
        co_return 7U;
    }

    asio::awaitable<model::Result<void, Refusal>> roll_out(std::uint32_t number, Stage up_to)
        override {
        if (number == 13) co_return refusal();
        rolled_out.emplace_back(number, up_to);
        co_return model::Result<void, Refusal>();
    }

    asio::awaitable<model::Result<void, Refusal>> abort(std::uint32_t number) override {
        if (number == 13) co_return refusal();
        aborted.push_back(number);
        co_return model::Result<void, Refusal>();
    }

    observe::FirmwareReport report() const override {
        observe::FirmwareReport made;
        made.updates.emplace_back().number = 7;
        made.updates.back().by_state = {{"confirmed", 2}};
        made.devices.emplace_back().label = "address 3";
        return made;
    }

    std::string manifest;
    std::size_t image_bytes = 0;
    char last_byte = '\0';
    std::vector<std::pair<std::uint32_t, Stage>> rolled_out;
    std::vector<std::uint32_t> aborted;

  private:
    static Refusal refusal() { return {"too-old", "Its sequence is not above the last one."}; }
};

class EchoControl final : public status::Control {
  public:
    status::Standing needed(std::string_view /*path*/) const override {
        return status::Standing::technician;
    }
    asio::awaitable<status::Response> answer(std::string path, std::string body) override {
        status::Response response;
        response.content_type = "text/plain";
        response.body = path + ' ' + std::to_string(body.size());
        co_return response;
    }
};

class EmptyView final : public status::ReportView {
  public:
    observe::Report report() const override { return {}; }
    observe::DevicesReport devices(const observe::DeviceQuery& /*query*/) const override {
        return {};
    }
    const observe::History& history() const override { return history_; }
    std::string_view notice() const override { return {}; }

  private:
    runtime::SystemClock clock_;
    observe::History history_{clock_};
};

// A status server with a control, on a reactor of its own.
class Box {
  public:
    explicit Box(bool has_keys = true) : control_(has_keys ? &desk : nullptr, others_) {
        settings::Status settings;
        settings.listen.clear();
        settings.socket = directory_.file("socket");
        server_.emplace(reactor_.get_executor(), settings, view_, log_, &control_);
        if (!server_->start()) throw std::runtime_error("no socket");
        thread_ = std::thread([this] { reactor_.run(); });
    }
    Box(const Box&) = delete;
    Box& operator=(const Box&) = delete;
    ~Box() {
        asio::co_spawn(reactor_, server_->stop(), asio::use_future).get();
        work_.reset();
        thread_.join();
    }

    cli::HttpAnswer ask(const std::string& path, const std::string& body) const {
        auto answer = http_post(directory_.file("socket"), path, body, kPatience);
        REQUIRE(answer);
        return *std::move(answer);
    }

    ScriptedDesk desk;

  private:
    tests::support::TemporaryDirectory directory_;
    EchoControl others_;
    FirmwareControl control_;
    EmptyView view_;
    observe::MemoryLog log_;
    asio::io_context reactor_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{reactor_.get_executor()};
    std::optional<status::StatusServer> server_;
    std::thread thread_;
};

std::string code_of(const cli::HttpAnswer& answer) {
    return rollout::parse_refusal(answer.body).code;
}

std::string rollout_of(std::uint32_t number, Stage up_to) {
    return firmware::to_json(firmware::RolloutRequest{number, up_to});
}

}  // namespace

TEST_CASE("the largest image there may be arrives as it was sent", "[app]") {
    Box box;
    std::string image(firmware::Image::kBytesMax, 'i');
    image.back() = 'e';
    const std::string body = firmware::to_body({"manifest", image});
    const auto answer = box.ask(firmware::kAddPath, body);
    CHECK(answer.status == 200);
    CHECK(firmware::parse_number(answer.body) == 7U);
    CHECK(box.desk.manifest == "manifest");
    CHECK(box.desk.image_bytes == firmware::Image::kBytesMax);
    CHECK(box.desk.last_byte == 'e');
    // A byte more is no request of the command.
    CHECK(box.ask(firmware::kAddPath, body + 'x').status == 400);
    CHECK(box.ask(firmware::kAddPath, body + std::string(8192, 'x')).status == 413);
}

TEST_CASE("only an update may be large", "[app]") {
    Box box;
    const std::string large(status::Control::kBodyBytesMax + 1, 'x');
    CHECK(box.ask("/elsewhere", large).status == 413);
    CHECK(box.ask(firmware::kRolloutPath, large).status == 413);
    CHECK(box.ask("/elsewhere", "x").body == "/elsewhere 1");
}

TEST_CASE("what the desk decides on is what was asked", "[app]") {
    Box box;
    CHECK(box.ask(firmware::kRolloutPath, rollout_of(7, Stage::tenth)).status == 200);
    CHECK(box.ask(firmware::kAbortPath, firmware::number_to_json(8)).status == 200);
    using RolledOut = std::vector<std::pair<std::uint32_t, Stage>>;
    CHECK(box.desk.rolled_out == RolledOut{{7, Stage::tenth}});
    CHECK(box.desk.aborted == std::vector<std::uint32_t>{8});
    const auto report = cli::read_firmware(box.ask(firmware::kStatePath, {}).body);
    REQUIRE(report);
    CHECK(report->updates.front().by_state.at("confirmed") == 2);
    CHECK(report->devices.front().label == "address 3");
}

TEST_CASE("what the desk refuses is told with its code and its words", "[app]") {
    Box box;
    for (const auto& [path, body] : std::vector<std::pair<std::string, std::string>>{
             {firmware::kAddPath, firmware::to_body({"refused", "image"})},
             {firmware::kRolloutPath, rollout_of(13, Stage::all)},
             {firmware::kAbortPath, firmware::number_to_json(13)}}) {
        const auto answer = box.ask(path, body);
        CHECK(answer.status == 409);
        CHECK(code_of(answer) == "too-old");
        CHECK(answer.body.find("not above the last one") != std::string::npos);
    }
}

TEST_CASE("what is no request is refused, and nothing is asked of the desk", "[app]") {
    Box box;
    for (const char* path : {firmware::kAddPath, firmware::kRolloutPath, firmware::kAbortPath}) {
        const auto answer = box.ask(path, "{}");
        CHECK(answer.status == 400);
        CHECK(code_of(answer) == "malformed");
    }
    CHECK(box.desk.manifest.empty());
    CHECK(box.desk.rolled_out.empty());
    CHECK(box.desk.aborted.empty());
}

TEST_CASE("without a key for updates the command is told so", "[app]") {
    Box box(false);
    for (const char* path :
         {firmware::kAddPath, firmware::kRolloutPath, firmware::kAbortPath, firmware::kStatePath}) {
        const auto answer = box.ask(path, "{}");
        CHECK(answer.status == 409);
        CHECK(code_of(answer) == "no-keys");
        CHECK(answer.body.find("firmware_keys") != std::string::npos);
    }
}
