#pragma once
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/buffer/faulty_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests::pipeline {

using namespace gateway;

inline const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

// Keys that depend on their names only.
class NamedKeys final : public anonymise::KeySource {
  public:
    model::Result<anonymise::Key> key(std::string_view name) override {
        anonymise::Key key;
        std::copy_n(name.begin(), std::min(name.size(), key.kBytes), key.bytes().begin());
        return key;
    }
    model::Result<std::optional<anonymise::Key>> find(std::string_view /*name*/) override {
        return std::optional<anonymise::Key>{};
    }
};

inline settings::Settings settings_in(const tests::support::TemporaryDirectory& directory) {
    settings::Settings settings;
    settings.buffer.path = directory.file("store/buffer.db");
    settings::Dataset dataset;
    dataset.name = "water";
    dataset.fields.emplace("device", settings::Keep{});
    settings.datasets = {dataset};
    settings::Source source;
    source.name = "meters";
    source.dataset = "water";
    source.topics = {"water/{device}"};
    source.format.json.time = "/t";
    source.format.json.samples = "/s";
    source.format.json.readings = {{"water.volume", "/v", "m3"}};
    settings::Source network;
    network.name = "lorawan";
    network.dataset = "water";
    network.format.name = "chirpstack";
    settings::Source sensors = source;
    sensors.name = "sensors";
    sensors.format = {};
    sensors.format.name = "senml-json";
    sensors.topics = {"water/{device}", "up"};
    settings.sources = {source, network, sensors};
    settings::Dataset daily = dataset;
    daily.name = "daily";
    daily.fields["time"] = settings::Coarsen{std::chrono::hours{24}, true};
    settings.datasets.push_back(daily);
    source.name = "homes";
    source.dataset = daily.name;
    settings.sources.push_back(source);
    return settings;
}

// A frame of a meter, one reading a value.
inline model::Frame frame(const std::string& device, const std::vector<int>& values) {
    std::string samples;
    for (const int value : values)
        samples += (samples.empty() ? "" : ",") + ("{\"v\":" + std::to_string(value)) +
                   R"(,"t":"2026-05-01T11:00:00Z"})";
    return {{}, "water/" + device, "", "{\"s\":[" + samples + "]}", kNow};
}

// Of a meter of which one reading a day is stored.
inline model::Frame daily_frame(const std::vector<int>& values) {
    model::Frame made = frame("m-1", values);
    made.source = model::SourceId{3};
    return made;
}

// A frame of a peer that has proven who it is, one reading a device; an empty name: none is said.
inline model::Frame frame_of(
    const std::string& peer, const std::string& topic, const std::vector<std::string>& devices
) {
    std::string records;
    for (const auto& device : devices) {
        if (!records.empty()) records += ',';
        records += R"({"n":")" + (device.empty() ? "" : device + ':');
        records += R"(water.volume","u":"m3","v":)" + std::to_string(records.size()) + '}';
    }
    return {model::SourceId{2}, topic, peer, '[' + records + ']', kNow};
}

// A pipeline over a store that does what the test says.
class PipelineFixture {
  public:
    PipelineFixture() {
        REQUIRE(gateway::buffer::prepare_store_file(settings.buffer.path));
        auto opened = gateway::buffer::SqliteStore::open(settings, kNow);
        REQUIRE(opened);
        outbox = gateway::buffer::Outbox::over(
            std::make_unique<tests::buffer::FaultyStore>(std::move(*opened), plan),
            {io.get_executor(), storage, clock, {}},
            settings
        );
        pipeline.emplace(settings, *outbox, keys, clock, "a key of the guard");
        REQUIRE(pipeline->prepare());
    }
    ~PipelineFixture() {
        bool is_closed = false;
        boost::asio::co_spawn(io, outbox->close(), [&](auto) { is_closed = true; });
        while (!is_closed) io.run_one();
    }
    PipelineFixture(const PipelineFixture&) = delete;
    PipelineFixture& operator=(const PipelineFixture&) = delete;

    // What becomes of a frame: "stored 2, refused 1", or the cause of its refusal.
    struct Fate {
        std::string text;
        bool is_known() const { return !text.empty(); }
    };
    std::shared_ptr<Fate> send(model::Frame sent) {
        auto fate = std::make_shared<Fate>();
        auto on_judged = [fate](std::exception_ptr, const model::Decoded<ingest::Receipt>& judged) {
            fate->text = judged ? "stored " + std::to_string(judged->stored) + ", refused " +
                                      std::to_string(judged->refused)
                                : std::string(model::to_string(judged.error().cause));
        };
        boost::asio::co_spawn(io, pipeline->accept(std::move(sent)), std::move(on_judged));
        return fate;
    }
    std::string fate_of(model::Frame sent) {
        const auto fate = send(std::move(sent));
        while (!fate->is_known()) io.run_one();
        return fate->text;
    }

    // From here on the storage thread comes no further until the gate is opened.
    void close_gate() {
        gate.emplace();
        plan->gate = gate->get_future().share();
    }

    tests::support::TemporaryDirectory directory;
    settings::Settings settings = settings_in(directory);
    NamedKeys keys;
    runtime::ManualClock clock{kNow};
    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    runtime::WorkerThread storage{"storage"};
    std::shared_ptr<tests::buffer::FaultyStore::Plan> plan =
        std::make_shared<tests::buffer::FaultyStore::Plan>();
    std::optional<std::promise<void>> gate;
    std::unique_ptr<gateway::buffer::Outbox> outbox;
    std::optional<Pipeline> pipeline;
};

}  // namespace tests::pipeline
