#include "gateway/pipeline.hpp"

#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/buffer/faulty_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using model::Refusal;
using tests::buffer::FaultyStore;

namespace {

const model::Instant kNow = *model::parse_rfc3339("2026-05-01T12:00:00Z");

class NoKeys final : public anonymise::KeySource {
  public:
    model::Result<anonymise::Key> key(std::string_view /*name*/) override {
        return anonymise::Key{};
    }
    model::Result<std::optional<anonymise::Key>> find(std::string_view /*name*/) override {
        return std::optional<anonymise::Key>{};
    }
};

settings::Settings settings_in(const tests::support::TemporaryDirectory& directory) {
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
model::Frame frame(const std::string& device, const std::vector<int>& values) {
    std::string samples;
    for (const int value : values)
        samples += (samples.empty() ? "" : ",") + ("{\"v\":" + std::to_string(value)) +
                   R"(,"t":"2026-05-01T11:00:00Z"})";
    return {{}, "water/" + device, "", "{\"s\":[" + samples + "]}", kNow};
}

// Of a meter of which one reading a day is stored.
model::Frame daily_frame(const std::vector<int>& values) {
    model::Frame made = frame("m-1", values);
    made.source = model::SourceId{3};
    return made;
}

// A frame of a peer that has proven who it is, one reading a device; an empty name: none is said.
model::Frame frame_of(
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
        REQUIRE(buffer::prepare_store_file(settings.buffer.path));
        auto opened = buffer::SqliteStore::open(settings, kNow);
        REQUIRE(opened);
        outbox = buffer::Outbox::over(
            std::make_unique<FaultyStore>(std::move(*opened), plan),
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
    NoKeys keys;
    runtime::ManualClock clock{kNow};
    boost::asio::io_context io;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    runtime::WorkerThread storage{"storage"};
    std::shared_ptr<FaultyStore::Plan> plan = std::make_shared<FaultyStore::Plan>();
    std::optional<std::promise<void>> gate;
    std::unique_ptr<buffer::Outbox> outbox;
    std::optional<Pipeline> pipeline;
};

}  // namespace

TEST_CASE_METHOD(PipelineFixture, "a repetition is acknowledged and not stored", "[pipeline]") {
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 2, refused 0");
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 0, refused 2");
    CHECK(fate_of(frame("m-1", {2, 3})) == "stored 1, refused 1");
    CHECK(outbox->ledger().stored == 3);
    CHECK(pipeline->figures({}).stored == 3);
    CHECK(pipeline->figures({}).refused == 3);
}

TEST_CASE_METHOD(
    PipelineFixture, "a pipeline that has forgotten its frames goes on as before", "[pipeline]"
) {
    CHECK(fate_of(frame("m-1", {1, 2})) == "stored 2, refused 0");
    pipeline->forget_frames();
    pipeline->forget_frames();
    CHECK(fate_of(frame("m-1", {2, 3})) == "stored 1, refused 1");
    CHECK(fate_of(frame_of("m-1", "up", {"m-1"})) == "stored 1, refused 0");
}

// The commit of the first frame fails while that of its repetition is still to come, and succeeds.
TEST_CASE_METHOD(
    PipelineFixture, "a repetition of what could not be stored is not acknowledged", "[pipeline]"
) {
    plan->writes_refused = 1;
    close_gate();
    const auto first = send(frame("m-1", {1}));
    io.poll();
    const auto other = send(frame("m-2", {5}));
    const auto again = send(frame("m-1", {1}));
    const auto in_part = send(frame("m-1", {1, 2}));
    io.poll();
    gate->set_value();
    while (!in_part->is_known()) io.run_one();
    CHECK(first->text == "buffer-full");
    CHECK(other->text == "stored 1, refused 0");
    CHECK(again->text == "store-failed");
    CHECK(in_part->text == "store-failed");
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(pipeline->frames_in_flight() == 0);
}

TEST_CASE_METHOD(
    PipelineFixture, "one reading a day is stored, and all acknowledged", "[pipeline]"
) {
    CHECK(fate_of(daily_frame({1, 2, 3})) == "stored 1, refused 2");
    CHECK(fate_of(daily_frame({4})) == "stored 0, refused 1");
    CHECK(fate_of(daily_frame({4})) == "stored 0, refused 1");
    CHECK(fate_of(daily_frame({1})) == "stored 0, refused 1");
    CHECK(fate_of(frame("m-2", {1})) == "stored 1, refused 0");  // counted with the next commit
    const auto& refused = outbox->ledger().refused;
    CHECK(refused[static_cast<std::size_t>(model::Refusal::step_taken)] == 3);
    CHECK(refused[static_cast<std::size_t>(model::Refusal::duplicate)] == 2);
    CHECK(outbox->ledger().stored == 2);
}

TEST_CASE_METHOD(
    PipelineFixture, "what a lost reading kept out is not acknowledged", "[pipeline]"
) {
    plan->writes_refused = 1;
    close_gate();
    const auto first = send(daily_frame({1}));
    io.poll();
    const auto other = send(frame("m-2", {5}));
    const auto second = send(daily_frame({2}));
    io.poll();
    gate->set_value();
    while (!second->is_known()) io.run_one();
    CHECK(first->text == "buffer-full");
    CHECK(other->text == "stored 1, refused 0");
    CHECK(second->text == "store-failed");
    CHECK(fate_of(daily_frame({2})) == "stored 1, refused 0");
    CHECK(fate_of(daily_frame({1})) == "stored 0, refused 1");
}

TEST_CASE_METHOD(
    PipelineFixture, "what a dataset's rules refuse stays refused when it comes again", "[pipeline]"
) {
    CHECK(fate_of(frame("m\x01", {1})) == "unknown-device");
    CHECK(fate_of(frame("m\x01", {1})) == "unknown-device");
    CHECK(outbox->ledger().stored == 0);
}

TEST_CASE_METHOD(
    PipelineFixture, "a frame that holds no reading is acknowledged, even the first", "[pipeline]"
) {
    const std::string join = R"({"deviceInfo":{"devEui":"0102030405060708"}})";
    const model::Frame sent(model::SourceId{1}, "application/7/event/join", "", join, kNow);
    CHECK(fate_of(sent) == "stored 0, refused 0");
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(fate_of(sent) == "stored 0, refused 0");
}

TEST_CASE_METHOD(PipelineFixture, "what a driver refuses is in the ledger too", "[pipeline]") {
    pipeline->count_refused(model::SourceId{1}, Refusal::too_large);
    CHECK(pipeline->figures(model::SourceId{1}).frames == 1);
    CHECK(pipeline->figures(model::SourceId{1}).refused == 1);
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::too_large)] == 1);
    CHECK(outbox->ledger().received() == 2);
}

TEST_CASE_METHOD(PipelineFixture, "a peer speaks for the device of its name alone", "[pipeline]") {
    CHECK(fate_of(frame_of("m-1", "water/m-1", {"", "m-1"})) == "stored 2, refused 0");
    CHECK(fate_of(frame_of("m-1", "up", {""})) == "stored 1, refused 0");
    CHECK(fate_of(frame_of("m-1", "water/m-1", {"m-2"})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "water/m-2", {""})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "up", {"M-1"})) == "not-authorised");
    CHECK(fate_of(frame_of("m-1", "up", {"m-1", "m-2"})) == "stored 1, refused 1");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::not_authorised)] == 4);
    CHECK(fate_of(frame_of("", "water/m-1", {"m-2"})) == "stored 1, refused 0");
}

TEST_CASE_METHOD(
    PipelineFixture, "a peer that may speak for others names any device", "[pipeline]"
) {
    auto sent = frame_of("roof-1", "up", {"m-1", "m-2"});
    sent.speaks_for_others = true;
    CHECK(fate_of(std::move(sent)) == "stored 2, refused 0");
}

TEST_CASE_METHOD(
    PipelineFixture, "what a person does not let be stored is refused and counted", "[pipeline]"
) {
    const anonymise::Key key;
    const subject::Hasher hasher(key);
    subject::Gate person_gate(settings, key);
    pipeline->ask_at(person_gate);
    person_gate.apply(
        {subject::Act::restrict, {}, "water", "device", hasher.who("water", "device", "m-1"), ""}
    );
    CHECK(fate_of(frame("m-1", {1})) == "restricted");
    CHECK(fate_of(frame("m-2", {1})) == "stored 1, refused 0");
    CHECK(outbox->ledger().refused[static_cast<std::size_t>(Refusal::restricted)] == 1);
    CHECK(outbox->ledger().stored == 1);
}

namespace {

// What was handed over, and what it was refused for.
class KeptRejects final : public quarantine::Rejects {
  public:
    void hold(model::Frame frame, Refusal cause) override {
        kept.push_back(std::string(model::to_string(cause)) + ' ' + frame.topic);
        payloads.push_back(std::move(frame.payload));
    }
    std::vector<std::string> kept;
    std::vector<std::string> payloads;
};

}  // namespace

TEST_CASE_METHOD(PipelineFixture, "what is refused for good goes to the quarantine", "[pipeline]") {
    KeptRejects rejects;
    pipeline->keep_rejects(rejects);
    CHECK(fate_of(frame("m-1", {1})) == "stored 1, refused 0");
    CHECK(fate_of(frame("m-1", {1})) == "stored 0, refused 1");  // a repetition
    CHECK(rejects.kept.empty());
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "truncated");
    CHECK(fate_of({{}, "gas/m-1", "", "{}", kNow}) == "unknown-topic");
    // One bad reading among good ones: the whole frame, once, for its first cause.
    CHECK(fate_of(frame("m-2", {5, -1, -2})) == "stored 1, refused 2");
    CHECK(fate_of(frame_of("m-1", "water/m-2", {""})) == "not-authorised");
    const std::vector<std::string> expected{
        "truncated water/m-1",
        "unknown-topic gas/m-1",
        "implausible-value water/m-2",
        "not-authorised water/m-2"};
    CHECK(rejects.kept == expected);
    CHECK(rejects.payloads.front() == "{broken");
}

TEST_CASE_METHOD(PipelineFixture, "what comes again is not kept as well", "[pipeline]") {
    KeptRejects rejects;
    pipeline->keep_rejects(rejects);
    pipeline->close();
    CHECK(fate_of({{}, "water/m-1", "", "{broken", kNow}) == "stopping");
    CHECK(rejects.kept.empty());
}
