// What the pipeline makes of the time of an arrival, as the clock is trusted or not.
#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;
using model::TimeQuality;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

class NoKeys final : public anonymise::KeySource {
  public:
    model::Result<anonymise::Key> key(std::string_view) override { return anonymise::Key{}; }
    model::Result<std::optional<anonymise::Key>> find(std::string_view) override {
        return std::optional<anonymise::Key>{};
    }
};

// A SenML source of one dataset that keeps everything, and one uplink.
class Stage {
  public:
    Stage() {
        settings.buffer.path = directory.file("buffer.db");
        settings::Dataset dataset;
        dataset.name = "air";
        dataset.fields.emplace("device", settings::Keep{});
        settings.datasets = {dataset};
        settings::Source source;
        source.name = "air";
        source.dataset = "air";
        source.format.name = "senml-json";
        settings.sources = {source};
        settings.uplinks.emplace_back().name = "city";
        boot = buffer::BootDate{"boot", kNow, buffer::BootDate::Knowledge::awaited};
        auto opened = buffer::Outbox::open({io.get_executor(), storage, clock, {}, boot}, settings);
        REQUIRE(opened);
        outbox = std::move(*opened);
        pipeline = std::make_unique<Pipeline>(settings, *outbox, keys, clock, "guard");
        REQUIRE(pipeline->prepare());
    }
    ~Stage() { run(outbox->close()); }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    template <class Answer>
    Answer run(boost::asio::awaitable<Answer> task) {
        std::optional<Answer> answer;
        boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr, Answer given) {
            answer = std::move(given);
        });
        while (!answer) run_one();
        return std::move(*answer);
    }
    void run(boost::asio::awaitable<void> task) {
        bool done = false;
        boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr) { done = true; });
        while (!done) run_one();
    }

    std::string take(const std::string& payload) {
        model::Frame frame({}, "air/a-1", "", payload, clock.now());
        const auto receipt = run(pipeline->accept(std::move(frame)));
        if (!receipt) return std::string(model::to_string(receipt.error().cause));
        return receipt->refused > 0 ? "refused" : "stored";
    }
    std::vector<buffer::StoredReading> sent() {
        auto& queue = *outbox->queues(buffer::UplinkId{}).front();
        const auto batch = run(queue.lane(buffer::Lane::live).open({}));
        REQUIRE(batch);
        return *batch ? (*batch)->readings : std::vector<buffer::StoredReading>{};
    }
    void set_clock(model::Instant began) {
        clock.set(began + clock.since_boot());
        clock.trust();
        boot.began = began;
        boot.knowledge = buffer::BootDate::Knowledge::known;
        REQUIRE(run(outbox->date_boot(boot)));
    }

    tests::support::TemporaryDirectory directory;
    settings::Settings settings;
    runtime::ManualClock clock{kNow};
    NoKeys keys;
    boost::asio::io_context io;
    runtime::WorkerThread storage{"storage"};
    buffer::BootDate boot;
    std::unique_ptr<buffer::Outbox> outbox;
    std::unique_ptr<Pipeline> pipeline;

  private:
    void run_one() {
        if (io.stopped()) io.restart();
        io.run_one_for(10s);
    }
};

}  // namespace

TEST_CASE("an arrival by a trusted clock has its date", "[component][clock]") {
    Stage stage;
    CHECK(stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":20}])") == "stored");
    const auto sent = stage.sent();
    REQUIRE(sent.size() == 1);
    CHECK(sent[0].time_quality == TimeQuality::gateway);
    CHECK(sent[0].observed_at == kNow);
    CHECK(stage.pipeline->undated() == 0);
}

TEST_CASE("an arrival by another clock gets its date afterwards", "[component][clock]") {
    Stage stage;
    stage.clock.distrust();
    CHECK(stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":20}])") == "stored");
    CHECK(stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":21,"t":-60}])") == "stored");
    CHECK(stage.pipeline->undated() == 2);
    CHECK(stage.sent().empty());
    const auto began = kNow + 60 * 24h;
    stage.set_clock(began);
    const auto sent = stage.sent();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].observed_at == began + 1min);
    CHECK(sent[1].observed_at == began);  // a minute before it arrived
    CHECK(sent[1].time_quality == TimeQuality::corrected);
}

TEST_CASE("a device's own time needs no clock of ours", "[component][clock]") {
    Stage stage;
    stage.clock.distrust();
    // Three years ahead of what our clock cannot be before.
    CHECK(stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":20,"t":1872331200}])") == "stored");
    CHECK(
        stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":20,"t":1872331200}])") == "refused"
    );
    const auto sent = stage.sent();
    REQUIRE(sent.size() == 1);  // the repetition was recognised
    CHECK(sent[0].time_quality == TimeQuality::device);
    stage.clock.trust();
    CHECK(
        stage.take(R"([{"n":"air.temperature","bn":"a-1:","v":21,"t":1872331200}])") ==
        "implausible-time"
    );
}
