#include "tests/bench/load/batch_tally.hpp"

#include "tests/bench/meter_payload.hpp"

#include <catch2/catch.hpp>
#include <passerelle/v1/batch.pb.h>
#include <zstd.h>

using bench::BatchTally;
using Catch::Contains;
using Verdict = BatchTally::Verdict;

namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;
constexpr auto kFirst = static_cast<std::int64_t>(bench::kFirstSecond) * 1000;

struct Arrival {
    std::uint32_t device;
    std::int64_t time_ms;
};

std::string packed(const passerelle::v1::Batch& batch) {
    const auto plain = batch.SerializeAsString();
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1));
    return out;
}

// Readings of the devices "a" and "b", one quantity, with consecutive sequences.
passerelle::v1::Batch batch_of(std::uint64_t first, const std::vector<Arrival>& arrivals) {
    passerelle::v1::Batch batch;
    batch.set_gateway("g");
    batch.set_dataset("energy");
    batch.set_first_sequence(first);
    batch.add_devices("a");
    batch.add_devices("b");
    batch.add_quantities()->set_name("q");
    std::int64_t last[2] = {0, 0};
    for (const auto& arrival : arrivals) {
        batch.add_sequence_step(batch.sequence_step_size() == 0 ? 0 : 1);
        batch.add_device(arrival.device);
        batch.add_quantity(0);
        batch.add_time_step_ms(arrival.time_ms - last[arrival.device]);
        last[arrival.device] = arrival.time_ms;
    }
    return batch;
}

}  // namespace

TEST_CASE("a tally knows every reading that came") {
    BatchTally tally(kNow);
    const auto batch = batch_of(10, {{0, kFirst}, {1, kFirst}, {0, kFirst + 1000}});
    CHECK(tally.take("k1", packed(batch), kNow) == Verdict::taken);
    CHECK_THAT(tally.to_json(), Contains(R"("batches":1,)"));
    CHECK_THAT(tally.to_json(), Contains(R"("readings":3,"missing_sequences":0,)"));
    CHECK_THAT(tally.to_json(), Contains(R"("distinct_readings":3,"repeated_readings":0,)"));
    CHECK_THAT(tally.readings_by_device(), Contains("a q 0-1\n") && Contains("b q 0-0\n"));
}

TEST_CASE("a batch that is missing shows in the sequences") {
    BatchTally tally(kNow);
    tally.take("k1", packed(batch_of(10, {{0, kFirst}})), kNow);
    tally.take("k3", packed(batch_of(13, {{0, kFirst + 3000}})), kNow);
    CHECK_THAT(tally.to_json(), Contains(R"("missing_sequences":2,)"));
    CHECK_THAT(tally.readings_by_device(), Contains("a q 0-0,3-3\n"));
    tally.take("k2", packed(batch_of(11, {{0, kFirst + 1000}, {0, kFirst + 2000}})), kNow);
    CHECK_THAT(tally.to_json(), Contains(R"("missing_sequences":0,)"));
    CHECK_THAT(tally.readings_by_device(), Contains("a q 0-3\n"));
}

TEST_CASE("a reading that is missing inside a batch shows in the sequences") {
    BatchTally tally(kNow);
    auto batch = batch_of(10, {{0, kFirst}, {0, kFirst + 1000}});
    batch.set_sequence_step(1, 4);
    tally.take("k1", packed(batch), kNow);
    CHECK_THAT(tally.to_json(), Contains(R"("missing_sequences":3,)"));
}

TEST_CASE("the same batch, the same sequence and the same reading again are each counted") {
    BatchTally tally(kNow);
    const auto batch = batch_of(10, {{0, kFirst}});
    tally.take("k1", packed(batch), kNow);
    CHECK(tally.take("k1", packed(batch), kNow) == Verdict::repeated);
    CHECK_THAT(tally.to_json(), Contains(R"("repeated_batches":1,)"));
    CHECK_THAT(tally.to_json(), Contains(R"("readings":1,)"));
    CHECK(tally.take("k2", packed(batch), kNow) == Verdict::taken);
    CHECK_THAT(tally.to_json(), Contains(R"("repeated_sequences":1,)"));
    CHECK_THAT(tally.to_json(), Contains(R"("repeated_readings":1,)"));
}

TEST_CASE("how long readings of after the first batch took is kept") {
    BatchTally tally(kNow);
    const auto batch = batch_of(10, {{0, kNow - 1000}, {1, kNow + 2}});
    tally.take("k1", packed(batch), kNow + 3);
    CHECK_THAT(tally.to_json(), Contains(R"("live":{})"));
    tally.take("k2", packed(batch_of(12, {{1, kNow + 5}})), kNow + 25);
    CHECK_THAT(tally.to_json(), Contains(R"("live":{"energy":{"readings":1,"ms_p50":20.0)"));
    CHECK_THAT(tally.to_json(), Contains(R"("distinct_readings":1,)"));
}

TEST_CASE("what is no batch is refused and counted") {
    BatchTally tally(kNow);
    CHECK(tally.take("k1", "no frame", kNow) == Verdict::unreadable);
    auto batch = batch_of(10, {{0, kFirst}, {1, kFirst}});
    batch.set_device(1, 9);
    CHECK(tally.take("k2", packed(batch), kNow) == Verdict::unreadable);
    batch.mutable_device()->RemoveLast();
    CHECK(tally.take("k3", packed(batch), kNow) == Verdict::unreadable);
    auto body = packed(batch_of(10, {{0, kFirst}}));
    for (std::size_t size = 0; size < body.size(); ++size)
        CHECK(tally.take("k4", body.substr(0, size), kNow) == Verdict::unreadable);
}
