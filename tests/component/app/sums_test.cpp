// Readings become sums of groups, which go out as readings of another dataset: once, whatever is
// switched off.
#include "gateway/sums.hpp"

#include "gateway/aggregate/error.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/sum_source.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace gateway;
using namespace std::chrono_literals;
using aggregate::Count;
using aggregate::Suppression;

namespace {

namespace asio = boost::asio;

const model::Instant kNoon = *model::parse_rfc3339("2026-05-01T12:00:00Z");
constexpr int kNorth = 12;  // meters m-0 to m-11
constexpr int kSouth = 3;   // meters m-12 to m-14

// Passes frames on, and then the power goes: the sender never hears of it.
class LastFrame final : public ingest::FrameSink {
  public:
    explicit LastFrame(ingest::FrameSink& sink) : sink_(sink) {}

    model::Decoded<ingest::Pending> submit(model::Frame frame) override {
        return sink_.submit(std::move(frame));
    }
    asio::awaitable<model::Decoded<ingest::Receipt>> settled(ingest::Pending pending) override {
        [[maybe_unused]] const auto receipt = co_await sink_.settled(std::move(pending));
        throw std::runtime_error("the power went");
    }
    void count_refused(model::SourceId source, model::Refusal cause) override {
        sink_.count_refused(source, cause);
    }

  private:
    ingest::FrameSink& sink_;
};

settings::Settings settings_in(const tests::support::TemporaryDirectory& directory) {
    settings::Settings settings;
    settings.buffer.path = directory.file("buffer.db");
    settings.gateway.state_directory = directory.path().string();
    settings::Dataset water;
    water.name = "water";
    water.fields.emplace("device", settings::Pseudonym{.epoch = 24h});
    settings::Dataset districts;
    districts.name = "districts";
    districts.fields = {
        {"device", settings::Keep{}}, {"meters", settings::Keep{}}, {"seconds", settings::Keep{}}};
    settings.datasets = {water, districts};
    settings::Source source;
    source.name = "meters";
    source.dataset = "water";
    source.format.name = "senml-json";
    settings.sources = {source};
    settings::Uplink city;
    city.name = "city";
    city.datasets = {"districts"};
    settings.uplinks = {city};
    settings::Sum sum;
    sum.name = "by-district";
    sum.from = "water";
    sum.quantity = "water.flow";
    sum.into = "districts";
    sum.groups = {{"north", ""}, {"south", ""}};
    sum.members = directory.file("members.csv");
    sum.window = 3600s;
    sum.grace = 60s;
    settings.sums = {sum};
    std::ofstream members(sum.members);
    members << "# meter;group\n";
    for (int i = 0; i < kNorth; ++i) members << "m-" << i << ";north\n";
    for (int i = kNorth; i < kNorth + kSouth; ++i) members << "m-" << i << ";south\n";
    return settings;
}

class Stage {
  public:
    Stage() : settings(settings_in(directory)), whole(with_sums(settings)) {
        auto opened = buffer::Outbox::open({io.get_executor(), storage, clock, {}, {}}, whole);
        REQUIRE(opened);
        outbox = std::move(*opened);
        pipeline = std::make_unique<Pipeline>(whole, *outbox, keys, clock, "guard");
        REQUIRE(pipeline->prepare());
    }
    ~Stage() {
        stop_sums();
        run(outbox->close());
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    void start_sums(ingest::FrameSink& sink) {
        auto made = Sums::make(
            {io.get_executor(),
             clock,
             log,
             sink,
             *pipeline,
             keys,
             nullptr,
             settings.gateway.state_directory,
             1ms},
            settings,
            {{settings.sums.front(),
              other_queue != nullptr ? *other_queue
                                     : *outbox->queues(static_cast<buffer::UplinkId>(1)).front(),
              static_cast<model::SourceId>(1)}}
        );
        REQUIRE(made);
        sums = std::move(*made);
        is_running = true;
        stop = std::make_unique<asio::cancellation_signal>();
        asio::co_spawn(
            io,
            sums->run(),
            asio::bind_cancellation_slot(
                stop->slot(), [this](const std::exception_ptr&) { is_running = false; }
            )
        );
    }
    void start_sums() { start_sums(*pipeline); }
    void stop_sums() {
        if (is_running) stop->emit(asio::cancellation_type::all);
        run_until([&] { return !is_running; });
        sums.reset();
    }

    // A reading of a meter that came now, of an hour ago or less.
    void take(int meter, int value, std::chrono::seconds age) {
        const std::string payload = R"([{"bn":"m-)" + std::to_string(meter) +
                                    R"(:","n":"water.flow","v":)" + std::to_string(value) +
                                    R"(,"t":)" + std::to_string(-age.count()) + "}]";
        model::Frame frame({}, "", "", payload, clock.now());
        bool is_stored = false;
        asio::co_spawn(
            io,
            pipeline->accept(std::move(frame)),
            [&](std::exception_ptr, auto receipt) { is_stored = receipt && receipt->stored == 1; }
        );
        run_until([&] { return is_stored; });
        REQUIRE(is_stored);
    }

    buffer::Batch sent() {
        std::optional<buffer::Batch> batch;
        auto& queue = *outbox->queues(buffer::UplinkId{}).front();
        bool done = false;
        asio::co_spawn(
            io,
            queue.lane(buffer::Lane::live).open({}),
            [&](std::exception_ptr, auto opened) {
                REQUIRE(opened);
                batch = std::move(*opened);
                done = true;
            }
        );
        run_until([&] { return done; });
        return batch.value_or(buffer::Batch{});
    }

    template <class Condition>
    bool run_until(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + 120s;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            if (io.stopped()) io.restart();
            io.run_one_for(100ms);
        }
        return condition();
    }
    bool waits_for_releases(std::uint64_t count) {
        return run_until([&] { return sums->figures(0).counts[Count::releases] == count; });
    }
    std::uint64_t taken() const { return sums->figures(0).counts[Count::taken]; }
    std::uint64_t stored() const { return outbox->ledger().stored; }

    void run(asio::awaitable<void> task) {
        bool done = false;
        asio::co_spawn(io, std::move(task), [&](const std::exception_ptr&) { done = true; });
        run_until([&] { return done; });
    }

    class Silence final : public observe::Log {
        void
        write(observe::Level, std::string_view, std::string_view, std::span<const observe::Field>)
            override {}
    };

    tests::support::TemporaryDirectory directory;
    settings::Settings settings;
    settings::Settings whole;
    runtime::ManualClock clock{kNoon};
    anonymise::KeyDirectory keys{directory.file("keys")};
    Silence log;
    asio::io_context io;
    runtime::WorkerThread storage{"storage"};
    std::unique_ptr<buffer::Outbox> outbox;
    std::unique_ptr<Pipeline> pipeline;
    buffer::BatchQueue* other_queue = nullptr;  // in the place of that of the outbox
    std::unique_ptr<Sums> sums;
    std::unique_ptr<asio::cancellation_signal> stop;
    bool is_running = false;
};

// Every meter of both districts brings 1, meter 0 brings 2.
void take_hour(Stage& stage) {
    for (int meter = 0; meter < kNorth + kSouth; ++meter)
        stage.take(meter, meter == 0 ? 2 : 1, 600s);
}

}  // namespace

TEST_CASE("the sum of a group goes out as a reading of the group", "[component][sums]") {
    Stage stage;
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return stage.sums->state().has_value(); }));
    stage.clock.advance(20min);
    take_hour(stage);
    REQUIRE(stage.run_until([&] { return stage.taken() == kNorth + kSouth; }));
    CHECK(stage.sums->figures(0).open_windows == 1);
    CHECK(stage.sent().readings.empty());
    stage.clock.advance(41min + 1s);
    REQUIRE(stage.waits_for_releases(1));
    REQUIRE(stage.run_until([&] { return stage.stored() == kNorth + kSouth + 1; }));
    const auto batch = stage.sent();
    REQUIRE(batch.readings.size() == 1);  // south has too few meters
    CHECK(batch.devices == std::vector<std::string>{"north"});
    CHECK(batch.quantities.front().name == "water.flow");
    CHECK((model::compare(batch.readings.front().value, {13, 0}) == 0));
    CHECK(batch.readings.front().observed_at == kNoon);
    CHECK(batch.attributes.at(1) == R"({"meters":12,"seconds":3600})");
    CHECK(stage.sums->figures(0).counts[Suppression::few_meters] == 1);
}

TEST_CASE("a release that was stored is not stored again", "[component][sums]") {
    Stage stage;
    LastFrame power_cut(*stage.pipeline);
    stage.start_sums(power_cut);
    stage.clock.advance(20min);
    take_hour(stage);
    stage.clock.advance(41min + 1s);
    REQUIRE(stage.run_until([&] { return !stage.is_running; }));
    REQUIRE(stage.stored() == kNorth + kSouth + 1);
    stage.stop_sums();
    stage.start_sums();
    // The next hour's release shows that the first one is done with.
    stage.clock.advance(20min);
    take_hour(stage);
    stage.clock.advance(41min);
    REQUIRE(stage.waits_for_releases(2));
    REQUIRE(stage.run_until([&] { return stage.stored() >= 2 * (kNorth + kSouth + 1); }));
    CHECK(stage.stored() == 2 * (kNorth + kSouth + 1));
    CHECK(stage.sent().readings.size() == 2);
    REQUIRE(stage.run_until([&] { return stage.pipeline->held("sums").empty(); }));
}

TEST_CASE("windows outlive the gateway", "[component][sums]") {
    Stage stage;
    stage.start_sums();
    stage.clock.advance(20min);
    take_hour(stage);
    REQUIRE(stage.run_until([&] { return stage.taken() == kNorth + kSouth; }));
    stage.stop_sums();
    stage.clock.advance(41min + 1s);
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return stage.sent().readings.size() == 1; }));
    CHECK(stage.taken() == kNorth + kSouth);
}

TEST_CASE("readings that waited for long are taken", "[component][sums]") {
    Stage stage;
    if (GENERATE(false, true)) {
        settings::Noise noise;
        noise.contribution_max = {100, 0};
        stage.settings.sums.front().protection = noise;
    }
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return std::filesystem::exists(stage.directory.file("sums.db")); }
    ));
    stage.stop_sums();
    // Where the horizon still is, more windows ago than a reading may be ahead of it.
    stage.clock.advance(10min + 1h * (aggregate::kWindowsAheadMax + 24));
    for (int hour = 0; hour < 12; ++hour) {
        take_hour(stage);
        stage.clock.advance(1h);
    }
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return stage.taken() == 12 * (kNorth + kSouth); }));
    CHECK(stage.sums->figures(0).counts[Count::ahead] == 0);
    CHECK(stage.sums->figures(0).counts[Count::late] == 0);
}

// Ten meters are too few, and a new pseudonym is no new meter.
TEST_CASE("a meter stays one meter when its pseudonym changes", "[component][sums]") {
    Stage stage;
    stage.start_sums();
    stage.clock.set(kNoon + 11h + 30min);
    for (int meter = 0; meter < 10; ++meter) stage.take(meter, 1, 60s);
    REQUIRE(stage.run_until([&] { return stage.taken() == 10; }));
    stage.clock.set(kNoon + 12h + 30s);
    for (int meter = 0; meter < 10; ++meter) stage.take(meter, 1, 20min);
    REQUIRE(stage.run_until([&] { return stage.taken() == 20; }));
    stage.clock.set(kNoon + 12h + 2min);
    REQUIRE(stage.waits_for_releases(1));
    CHECK(stage.sums->figures(0).counts[Suppression::few_meters] == 2);
    CHECK(stage.sums->figures(0).counts[Count::unknown_meter] == 0);
    CHECK(stage.sent().readings.empty());
}

TEST_CASE("readings that waited are of meters whose pseudonym has changed", "[component][sums]") {
    Stage stage;
    stage.clock.set(kNoon + 11h + 50min);
    take_hour(stage);
    stage.clock.set(kNoon + 12h + 5min);
    stage.start_sums();  // begins with the window of now; what is before it is late, and known
    REQUIRE(stage.run_until([&] {
        return stage.sums->figures(0).counts[Count::late] == kNorth + kSouth;
    }));
    CHECK(stage.sums->figures(0).counts[Count::unknown_meter] == 0);
}

TEST_CASE("readings that waited for many epochs are of their meters", "[component][sums]") {
    Stage stage;
    take_hour(stage);
    stage.clock.advance(24h * 5);
    take_hour(stage);
    stage.clock.advance(24h * 5);
    stage.start_sums();
    REQUIRE(stage.run_until([&] {
        return stage.sums->figures(0).counts[Count::late] == 2 * (kNorth + kSouth);
    }));
    CHECK(stage.sums->figures(0).counts[Count::unknown_meter] == 0);
}

TEST_CASE("a sum that is configured no longer leaves no key behind", "[component][sums]") {
    Stage stage;
    stage.start_sums();
    stage.clock.advance(20min);
    take_hour(stage);
    REQUIRE(stage.run_until([&] { return stage.taken() == kNorth + kSouth; }));
    stage.stop_sums();
    const auto keys = [&] {
        const std::filesystem::directory_iterator files(stage.directory.file("keys/windows"));
        return std::distance(begin(files), end(files));
    };
    REQUIRE(keys() == 1);
    auto none = Sums::make(
        {stage.io.get_executor(),
         stage.clock,
         stage.log,
         *stage.pipeline,
         *stage.pipeline,
         stage.keys,
         nullptr,
         stage.settings.gateway.state_directory},
        stage.settings,
        {}
    );
    REQUIRE(none);
    stage.run((*none)->run());
    CHECK((*none)->state());
    CHECK(keys() == 0);
}

namespace {

// A queue whose first batch tells of an erasure, and is not confirmed when it was taken: as when
// the power goes in between.
class CutQueue final : public buffer::BatchQueue, public buffer::BatchLane {
  public:
    explicit CutQueue(buffer::BatchQueue& queue) : queue_(queue) {}

    const std::string& dataset() const override { return queue_.dataset(); }
    settings::Priority priority() const override { return queue_.priority(); }
    std::uint64_t changes() const override { return queue_.changes(); }
    asio::awaitable<void> changed(std::uint64_t seen) override { return queue_.changed(seen); }
    buffer::BatchLane& lane(buffer::Lane) override { return *this; }
    std::uint64_t newest() const override { return queue_.newest(); }
    asio::awaitable<model::Result<bool>> set_aside(std::uint64_t last) override {
        return queue_.set_aside(last);
    }

    buffer::Waiting waiting() const override { return queue_.waiting(); }
    bool taken_back() const override { return false; }
    asio::awaitable<model::Result<std::optional<buffer::Batch>>> open(buffer::BatchLimits limits
    ) override {
        auto opened = co_await live().open(limits);
        if (!opened || !opened->has_value()) co_return opened;
        buffer::Erasure erasure;
        erasure.device = (*opened)->devices.front();
        (*opened)->erasures.push_back(erasure);
        co_return opened;
    }
    asio::awaitable<model::Result<void>> reopen() override { return live().reopen(); }
    asio::awaitable<model::Result<void>> confirm() override {
        const bool is_cut = cuts++ == 0;
        if (is_cut) co_return boost::system::errc::make_error_code(boost::system::errc::io_error);
        co_return co_await live().confirm();
    }
    asio::awaitable<model::Result<void>> bury(std::string cause) override {
        return live().bury(std::move(cause));
    }

    int cuts = 0;

  private:
    buffer::BatchLane& live() { return queue_.lane(buffer::Lane::live); }

    buffer::BatchQueue& queue_;
};

}  // namespace

TEST_CASE("an erasure that comes again takes nothing that came later", "[component][sums]") {
    Stage stage;
    CutQueue queue(*stage.outbox->queues(static_cast<buffer::UplinkId>(1)).front());
    stage.clock.advance(20min);
    take_hour(stage);
    stage.other_queue = &queue;
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return queue.cuts == 2; }));
    stage.clock.advance(41min + 1s);
    REQUIRE(stage.waits_for_releases(1));
    REQUIRE(stage.run_until([&] { return stage.stored() == kNorth + kSouth + 1; }));
    const auto batch = stage.sent();
    REQUIRE(batch.readings.size() == 1);
    CHECK((model::compare(batch.readings.front().value, {13, 0}) == 0));
}

TEST_CASE("a file that was put back releases nothing", "[component][sums]") {
    Stage stage;
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return stage.sums->figures(0).waiting == 0; }));
    stage.clock.advance(20min);
    take_hour(stage);
    REQUIRE(stage.run_until([&] { return stage.taken() == kNorth + kSouth; }));
    stage.stop_sums();
    const std::string file = stage.directory.file("sums.db");
    std::filesystem::copy_file(file, file + ".copy");
    stage.start_sums();
    stage.clock.advance(41min + 1s);
    REQUIRE(stage.run_until([&] { return stage.sent().readings.size() == 1; }));
    stage.stop_sums();
    for (const char* end : {"-wal", "-shm"}) std::filesystem::remove(file + end);
    std::filesystem::copy_file(
        file + ".copy", file, std::filesystem::copy_options::overwrite_existing
    );
    stage.start_sums();
    REQUIRE(stage.run_until([&] { return !stage.sums->state().has_value(); }));
    CHECK(stage.sums->state().error() == aggregate::Errc::rolled_back);
    CHECK(stage.sent().readings.size() == 1);
    // Nor does it take anything: that waits until somebody has looked.
    stage.clock.advance(12h);
    take_hour(stage);
    for (int i = 0; i < 20; ++i) stage.io.run_one_for(5ms);
    CHECK(stage.sums->figures(0).waiting == kNorth + kSouth);
    CHECK(stage.sums->figures(0).counts[Count::ahead] == 0);
}

TEST_CASE("a clock that is not trusted makes no windows", "[component][sums]") {
    Stage stage;
    stage.clock.distrust();
    stage.start_sums();
    for (int i = 0; i < 20; ++i) stage.io.run_one_for(1ms);
    CHECK_FALSE(std::filesystem::exists(stage.directory.file("sums.db")));
    stage.clock.trust();
    CHECK(stage.run_until([&] { return std::filesystem::exists(stage.directory.file("sums.db")); })
    );
}

namespace {

// Why the sums of these settings, all of which read the same queue, cannot be.
std::string fault_of(Stage& stage, const std::vector<settings::Sum>& sums) {
    std::vector<Sums::Input> inputs;
    for (const auto& sum : sums) {
        auto& queue = *stage.outbox->queues(static_cast<buffer::UplinkId>(1)).front();
        inputs.push_back({sum, queue, static_cast<model::SourceId>(1)});
    }
    const auto made = Sums::make(
        {stage.io.get_executor(),
         stage.clock,
         stage.log,
         *stage.pipeline,
         *stage.pipeline,
         stage.keys,
         nullptr,
         stage.settings.gateway.state_directory},
        stage.settings,
        inputs
    );
    REQUIRE_FALSE(made);
    return made.error();
}

}  // namespace

TEST_CASE("a member of a group that is not on the list is told at the start", "[component][sums]") {
    Stage stage;
    std::ofstream(stage.settings.sums.front().members) << "m-1;north\nm-2;west\n";
    const auto text = fault_of(stage, stage.settings.sums);
    CHECK(text.find("line 2: there is no group \"west\"") != std::string::npos);
    CHECK(text.find("m-2") == std::string::npos);
}

TEST_CASE("two sums that share meters are told at the start", "[component][sums]") {
    Stage stage;
    auto sums = stage.settings.sums;
    sums.push_back(sums.front());
    sums.back().name = "daily";
    sums.back().window = 24h;
    const auto text = fault_of(stage, sums);
    CHECK(text.find("\"by-district\" and \"daily\" share meters") != std::string::npos);
}
