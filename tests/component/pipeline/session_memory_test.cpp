// Frames that are taken exactly once, through every room up to the disk.
#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/awaited.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <filesystem>

using namespace gateway;
namespace asio = boost::asio;

namespace {

constexpr model::Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr const char* kClient = "Madame Trabelsi's kitchen";
constexpr const char* kPayload = R"({"m3": 12.5})";

using Ids = std::vector<std::uint16_t>;

class PipelineFixture {
  public:
    PipelineFixture() {
        settings.buffer.path = directory.file("buffer.db");
        settings.gateway.state_directory = directory.file("state");
        auto& dataset = settings.datasets.emplace_back();
        dataset.name = "water";
        dataset.fields["device"] = settings::Pseudonym{};
        settings.uplinks.emplace_back().name = "city";
        auto& source = settings.sources.emplace_back();
        source.name = "meters";
        source.dataset = "water";
        source.topics = {"water/{device}"};
        source.format.json.readings.push_back({"water.volume", "/m3", "m3"});
        open();
    }
    ~PipelineFixture() { close(); }
    PipelineFixture(const PipelineFixture&) = delete;
    PipelineFixture& operator=(const PipelineFixture&) = delete;

    void open() {
        buffer::Outbox::Environment environment{io.get_executor(), storage, clock, {}};
        auto opened = buffer::Outbox::open(std::move(environment), settings);
        REQUIRE(opened);
        outbox = std::move(*opened);
        pipeline = std::make_unique<Pipeline>(settings, *outbox, keys, clock, "guard key");
        REQUIRE(pipeline->prepare());
    }

    void close() {
        tests::support::awaited(io, outbox->close());
        pipeline.reset();
        outbox.reset();
    }

    template <class Answer>
    Answer run(asio::awaitable<Answer> task) {
        return tests::support::awaited(io, std::move(task));
    }

    static model::Frame frame(
        std::uint16_t packet_id, const char* payload = kPayload, const char* session = kClient
    ) {
        model::Frame frame(model::SourceId{0}, "water/meter-7", "", payload, kNow);
        frame.mark = model::FrameMark{session, packet_id};
        return frame;
    }

    model::Decoded<ingest::Receipt> send(model::Frame frame) {
        return run(pipeline->accept(std::move(frame)));
    }

    tests::support::TemporaryDirectory directory;
    settings::Settings settings;
    runtime::ManualClock clock{kNow};
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    runtime::WorkerThread storage{"storage"};
    anonymise::KeyDirectory keys{directory.file("keys")};
    std::unique_ptr<buffer::Outbox> outbox;
    std::unique_ptr<Pipeline> pipeline;
};

}  // namespace

TEST_CASE_METHOD(PipelineFixture, "a marked frame is stored once", "[pipeline][session]") {
    const auto first = send(frame(1));
    REQUIRE(first);
    CHECK(first->stored == 1);
    const auto again = send(frame(1));
    REQUIRE(again);
    CHECK(again->stored == 0);
    CHECK(again->refused == 1);
    CHECK(outbox->ledger().stored == 1);
    CHECK(send(frame(2))->stored == 1);
    CHECK(send(frame(1, kPayload, "another client"))->stored == 1);
    CHECK(pipeline->held(kClient) == Ids{1, 2});
    REQUIRE(run(pipeline->release(kClient, 1)));
    CHECK(pipeline->held(kClient) == Ids{2});
    CHECK(send(frame(1))->stored == 1);  // the number names a new frame now
    REQUIRE(run(pipeline->forget(kClient)));
    CHECK(pipeline->held(kClient).empty());
    CHECK(pipeline->held("another client") == Ids{1});
}

TEST_CASE_METHOD(
    PipelineFixture, "a frame that comes during its commit waits for it", "[pipeline]"
) {
    int answered = 0;
    const auto on_end = [&](const std::exception_ptr&, const model::Decoded<ingest::Receipt>& got) {
        CHECK(got);
        CHECK(pipeline->held(kClient) == Ids{1});
        ++answered;
    };
    for (int i = 0; i < 3; ++i) asio::co_spawn(io, pipeline->accept(frame(1)), on_end);
    while (answered < 3) io.run_one();
    CHECK(outbox->ledger().stored == 1);
}

TEST_CASE_METHOD(PipelineFixture, "a marked frame is stored once across a restart", "[pipeline]") {
    REQUIRE(send(frame(1)));
    close();
    open();
    CHECK(pipeline->held(kClient) == Ids{1});
    CHECK(send(frame(1))->stored == 0);
    CHECK(outbox->ledger().stored == 1);
}

TEST_CASE_METHOD(PipelineFixture, "a frame that is refused for good leaves no mark", "[pipeline]") {
    const auto refused = send(frame(1, "no JSON"));
    REQUIRE_FALSE(refused);
    CHECK_FALSE(model::is_temporary(refused.error().cause));
    CHECK(pipeline->held(kClient).empty());
    CHECK(send(frame(1))->stored == 1);
}

TEST_CASE_METHOD(PipelineFixture, "a frame of repetitions leaves its mark", "[pipeline]") {
    settings.sources[0].format.json.time = "/ts";
    close();
    open();
    const char* payload = R"({"m3": 12.5, "ts": "2026-02-28T23:00:00Z"})";
    REQUIRE(send(frame(1, payload)));
    const auto repeated = send(frame(2, payload));
    REQUIRE(repeated);
    CHECK(repeated->stored == 0);
    CHECK(pipeline->held(kClient) == Ids{1, 2});
}

TEST_CASE_METHOD(PipelineFixture, "no file has a session's name", "[pipeline][session]") {
    REQUIRE(send(frame(1)));
    settings.datasets[0].fields["device"] = settings::Keep{};
    close();
    open();
    REQUIRE(send(frame(2)));
    std::size_t files = 0;
    bool device_found = false;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
        if (!entry.is_regular_file()) continue;
        ++files;
        const auto content = tests::support::read_file(entry.path());
        CHECK(content.find("Trabelsi") == std::string::npos);
        device_found = device_found || content.find("meter-7") != std::string::npos;
    }
    CHECK(files >= 3);
    CHECK(device_found);  // what may be there would have been seen
}
