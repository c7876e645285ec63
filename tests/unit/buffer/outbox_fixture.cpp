#include "outbox_fixture.hpp"

#include <numeric>
#include <tuple>

namespace tests::buffer {

settings::Dataset dataset(const std::string& name, settings::Priority priority) {
    settings::Dataset made;
    made.name = name;
    made.priority = priority;
    return made;
}

settings::Uplink uplink(const std::string& name, std::vector<std::string> datasets) {
    settings::Uplink made;
    made.name = name;
    made.datasets = std::move(datasets);
    return made;
}

support::PublicReadings some_readings(std::size_t count, std::int64_t from) {
    support::PublicReadings readings;
    for (std::size_t i = 0; i < count; ++i) {
        const auto number = from + static_cast<std::int64_t>(i);
        const std::string device = "device-" + std::to_string(number % 7);
        support::PublicFields fields;
        fields.device = device;
        fields.quantity = number % 2 == 0 ? &kVolume : &kPower;
        fields.value = model::Decimal{number, -2};
        fields.observed_at = kStart + std::chrono::seconds{number};
        if (number % 5 == 0) fields.attributes = R"({"valve":true})";
        readings.add(fields);
    }
    return readings;
}

OutboxFixture::OutboxFixture() {
    settings.buffer.path = directory.file("store/buffer.db");
    settings.datasets = {dataset("water")};
    settings.uplinks = {uplink("city")};
}

OutboxFixture::~OutboxFixture() {
    close();
}

Outbox::Environment OutboxFixture::environment() {
    auto on_failure = [this](const boost::system::error_code& error) { failures.push_back(error); };
    return {io.get_executor(), storage, clock, on_failure, boot, {}, &keys};
}

void OutboxFixture::open() {
    auto opened = Outbox::open(environment(), settings);
    REQUIRE(opened);
    outbox_ = std::move(*opened);
}

void OutboxFixture::open_over(std::unique_ptr<Store> store) {
    outbox_ = Outbox::over(std::move(store), environment(), settings);
}

void OutboxFixture::close() {
    if (!outbox_) return;
    run(outbox_->close());
    outbox_.reset();
}

void OutboxFixture::reopen() {
    close();
    open();
}

BatchLane& OutboxFixture::queue(std::size_t uplink, std::size_t dataset, Lane lane) {
    return batch_queue(uplink, dataset).lane(lane);
}

BatchQueue& OutboxFixture::batch_queue(std::size_t uplink, std::size_t dataset) {
    return outbox_->queue(
        UplinkId{static_cast<std::uint16_t>(uplink)}, DatasetId{static_cast<std::uint16_t>(dataset)}
    );
}

model::Decoded<void> OutboxFixture::store(
    std::size_t dataset, const support::PublicReadings& readings
) {
    const DatasetId id{static_cast<std::uint16_t>(dataset)};
    const auto ticket = outbox_->append(id, readings.all());
    if (!ticket) return ticket.error();
    return run(outbox_->committed(*ticket));
}

Batch OutboxFixture::open_batch(std::size_t uplink, std::size_t dataset, BatchLimits limits) {
    auto batch = run(queue(uplink, dataset).open(limits));
    REQUIRE(batch);
    REQUIRE(batch->has_value());
    return **batch;
}

Batch OutboxFixture::open_backlog(std::size_t uplink, std::size_t dataset, BatchLimits limits) {
    auto batch = run(queue(uplink, dataset, Lane::backlog).open(limits));
    REQUIRE(batch);
    REQUIRE(batch->has_value());
    return **batch;
}

bool OutboxFixture::has_batch(std::size_t uplink, std::size_t dataset) {
    auto batch = run(queue(uplink, dataset).open({}));
    REQUIRE(batch);
    return batch->has_value();
}

void OutboxFixture::confirm(std::size_t uplink, std::size_t dataset) {
    REQUIRE(run(queue(uplink, dataset).confirm()));
}

std::uint64_t OutboxFixture::waiting(std::size_t uplink, std::size_t dataset) {
    return batch_queue(uplink, dataset).waiting().readings;
}

void OutboxFixture::check_ledger() {
    const Ledger& ledger = outbox_->ledger();
    for (std::size_t i = 0; i < settings.uplinks.size(); ++i) {
        std::uint64_t waits = 0;
        for (const BatchQueue* queue : outbox_->queues(UplinkId{static_cast<std::uint16_t>(i)}))
            waits += queue->waiting().readings;
        CHECK(ledger.uplinks.at(settings.uplinks[i].name).waiting() == waits);
    }
}

bool same(const Batch& left, const Batch& right) {
    const auto key = [](const StoredReading& r) {
        return std::tuple(
            r.sequence,
            r.device,
            r.quantity,
            r.attributes,
            r.time_quality,
            r.value.mantissa,
            r.value.exponent,
            r.observed_at
        );
    };
    const auto equal = [&](const StoredReading& a, const StoredReading& b) {
        return key(a) == key(b);
    };
    return left.dataset == right.dataset && left.first_sequence == right.first_sequence &&
           left.last_sequence == right.last_sequence && left.devices == right.devices &&
           left.quantities == right.quantities && left.attributes == right.attributes &&
           std::equal(
               left.readings.begin(),
               left.readings.end(),
               right.readings.begin(),
               right.readings.end(),
               equal
           );
}

}  // namespace tests::buffer
