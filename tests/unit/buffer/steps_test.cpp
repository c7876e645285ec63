// Datasets that keep one reading a step.
#include "faulty_store.hpp"
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_store.hpp"
#include "gateway/buffer/step_book.hpp"
#include "gateway/buffer/store_file.hpp"
#include "outbox_fixture.hpp"

#include <chrono>

using namespace tests::buffer;
using std::chrono::hours;
using tests::support::PublicReadings;

namespace {

constexpr hours kDay{24};
constexpr std::chrono::sys_days kToday{std::chrono::year{2026} / 3 / 1};

class StepFixture : public OutboxFixture {
  public:
    StepFixture() {
        settings.datasets = {dataset("daily"), dataset("every", settings::Priority::bulk)};
        settings.datasets[0].fields["time"] = settings::Coarsen{std::chrono::seconds{kDay}, true};
    }

    PublicReadings reading(
        const std::string& device, int day, const model::Quantity& quantity = kVolume
    ) {
        PublicReadings readings;
        readings.add(
            {.device = device,
             .quantity = &quantity,
             .value = {day, 0},
             .observed_at = kToday + day * kDay,
             .attributes = {}}
        );
        return readings;
    }

    // As the pipeline does it: what it may, it appends.
    model::Decoded<void> take(const PublicReadings& readings, std::size_t into = 0) {
        const DatasetId id{static_cast<std::uint16_t>(into)};
        const auto claimed = outbox().claim_step(id, readings.all().front());
        if (!claimed) return claimed;
        const auto ticket = outbox().append(id, readings.all());
        if (!ticket) return ticket.error();
        return run(outbox().committed(*ticket));
    }

    bool is_taken(const PublicReadings& readings) {
        const auto taken = take(readings);
        if (!taken) CHECK(taken.error().cause == model::Refusal::step_taken);
        return !taken;
    }

    std::int64_t rows() {
        close();
        std::int64_t count = 0;
        {
            auto connection = SqliteConnection::open(settings.buffer.path, {});
            REQUIRE(connection);
            count = connection->integer("SELECT count(*) FROM step").value();
        }
        open();
        return count;
    }

    void open_faulty() {
        REQUIRE(prepare_store_file(settings.buffer.path));
        auto opened = SqliteStore::open(settings, clock.now());
        REQUIRE(opened);
        open_over(std::make_unique<FaultyStore>(std::move(*opened), plan));
    }

    std::shared_ptr<FaultyStore::Plan> plan = std::make_shared<FaultyStore::Plan>();
};

}  // namespace

TEST_CASE("steps are known as far as they reach", "[buffer][steps]") {
    TakenSteps steps{100, 0};
    CHECK_FALSE(steps.has(100));
    steps.add(100);
    CHECK(steps.has(100));
    steps.add(102);
    CHECK((steps.has(100) && !steps.has(101) && steps.has(102) && !steps.has(103)));
    steps.add(101);
    CHECK((steps.newest == 102 && steps.has(101)));
    steps.remove(102);
    CHECK((!steps.has(102) && steps.has(101)));
    steps.add(101 + TakenSteps::kKnown - 1);
    CHECK((steps.has(101) && !steps.has(100)));
    steps.add(101 + 2 * TakenSteps::kKnown);
    CHECK(steps.taken == 1);
    steps.add(1);  // a clock that had been ahead
    CHECK((steps.newest == 1 && steps.taken == 1));
    steps.remove(-1000);
    CHECK(steps.taken == 1);
}

TEST_CASE_METHOD(StepFixture, "one reading a day is stored of each series", "[buffer][steps]") {
    open();
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK(is_taken(reading("a", 0)));
    CHECK_FALSE(is_taken(reading("a", 0, kPower)));
    CHECK_FALSE(is_taken(reading("b", 0)));
    CHECK_FALSE(is_taken(reading("a", 1)));
    CHECK_FALSE(is_taken(reading("a", -5)));  // late, and the first of its day
    CHECK(is_taken(reading("a", -5)));
    CHECK(is_taken(reading("a", 0)));
    CHECK(outbox().ledger().stored == 5);
    for (int i = 0; i < 3; ++i) CHECK(take(reading("a", 0), 1));
    CHECK(outbox().ledger().stored == 8);
    check_ledger();
}

TEST_CASE_METHOD(StepFixture, "a step stays taken across a restart", "[buffer][steps]") {
    open();
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK_FALSE(is_taken(reading("a", 3)));
    reopen();
    CHECK(is_taken(reading("a", 0)));
    CHECK(is_taken(reading("a", 3)));
    CHECK_FALSE(is_taken(reading("a", 2)));
    CHECK(rows() == 1);
    // The rule is gone, and comes back: what was kept meanwhile is not known.
    settings.datasets[0].fields.erase("time");
    reopen();
    CHECK_FALSE(is_taken(reading("a", 3)));
    CHECK(rows() == 0);
}

TEST_CASE_METHOD(
    StepFixture, "a step is free again when its reading was not stored", "[buffer][steps]"
) {
    open_faulty();
    plan->writes_refused = 1;
    const auto refused = take(reading("a", 0));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::buffer_full);
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK(is_taken(reading("a", 0)));

    // One group fails, the next one, which fills meanwhile, does not: neither in memory nor on the
    // disk is the first one's day taken.
    plan->writes_refused = 1;
    std::promise<void> gate;
    plan->gate = gate.get_future().share();
    const auto first = reading("a", 1);
    REQUIRE(outbox().claim_step(DatasetId{0}, first.all().front()));
    const auto lost = outbox().append(DatasetId{0}, first.all());
    io.poll();
    const auto second = reading("a", 2);
    REQUIRE(outbox().claim_step(DatasetId{0}, second.all().front()));
    const auto kept = outbox().append(DatasetId{0}, second.all());
    gate.set_value();
    REQUIRE((lost && kept));
    CHECK_FALSE(run(outbox().committed(*lost)));
    CHECK(run(outbox().committed(*kept)));
    reopen();
    CHECK(is_taken(reading("a", 2)));
    CHECK_FALSE(is_taken(reading("a", 1)));
}

TEST_CASE_METHOD(StepFixture, "what is not appended claims nothing", "[buffer][steps]") {
    open_faulty();
    const auto one = reading("a", 0);
    const std::vector<model::PublicReading> too_many(
        GroupBuilder::kGroupReadingsMax + 1, one.all().front()
    );
    REQUIRE(outbox().claim_step(DatasetId{0}, one.all().front()));
    CHECK_FALSE(outbox().append(DatasetId{0}, too_many));
    CHECK_FALSE(is_taken(one));
}

TEST_CASE_METHOD(StepFixture, "readings without a date have steps of the boot", "[buffer][steps]") {
    boot = BootDate{"boot", clock.now()};
    open();
    PublicReadings undated;
    undated.add(
        {.device = "a",
         .quantity = &kVolume,
         .value = {},
         .observed_at = model::Instant{std::chrono::minutes{5}},
         .time_quality = model::TimeQuality::uncertain,
         .attributes = {}}
    );
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK_FALSE(is_taken(undated));
    CHECK(is_taken(undated));
    reopen();
    CHECK_FALSE(is_taken(undated));  // it was another boot's
    CHECK(is_taken(reading("a", 0)));
}

TEST_CASE_METHOD(StepFixture, "nobody's steps are kept for ever", "[buffer][steps]") {
    open();
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK_FALSE(is_taken(reading("b", 0)));
    CHECK(rows() == 2);
    clock.advance(kDay * (TakenSteps::kKnown - 1));
    CHECK(rows() == 2);
    CHECK_FALSE(is_taken(reading("b", TakenSteps::kKnown - 1)));
    clock.advance(kDay * 2);
    reopen();
    CHECK(rows() == 1);
}

TEST_CASE_METHOD(StepFixture, "an erasure takes a person's steps with it", "[buffer][steps]") {
    open();
    CHECK_FALSE(is_taken(reading("a", 0)));
    CHECK_FALSE(is_taken(reading("b", 0)));
    auto erase = [&](Store& store, std::uint64_t device_base) -> model::Result<void> {
        const auto done = store.erase({{{"daily", {{"", "a"}}}}, device_base, clock.now()});
        if (!done) return done.error();
        return {};
    };
    REQUIRE(run(outbox().run(erase)));
    CHECK(rows() == 1);
    CHECK(is_taken(reading("b", 0)));
}

TEST_CASE("series are bounded, and idle ones make room", "[buffer][steps]") {
    const std::chrono::seconds day{kDay};
    std::vector<StoredSteps> rows(StepBook::kSeriesMax);
    const std::int64_t today = step_number(kToday, day);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = {"daily", std::to_string(i), "water.volume", {today, 1}};
    rows.back().steps.newest = today - TakenSteps::kKnown - 1;
    StepBook book({{"daily", settings::Priority::normal, day}}, rows);
    PublicReadings readings;
    readings.add(
        {.device = "new",
         .quantity = &kVolume,
         .value = {},
         .observed_at = kToday,
         .attributes = {}}
    );
    const auto refused = book.claim(0, readings.all().front());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().cause == model::Refusal::limit_exceeded);
    book.forget_idle(kToday);
    CHECK(book.claim(0, readings.all().front()));
}
