#include "gateway/rollout/record.hpp"

#include "gateway/rollout/record_text.hpp"

#include <catch2/catch.hpp>

using namespace gateway::rollout;

namespace {

constexpr const char* kReason = "restarted";

Version version(const std::string& text, const std::string& by = "marie") {
    Version made;
    made.by = by;
    made.digest = digest_of(text);
    return made;
}

// "A" is in force and in the file.
Record running() {
    return with_adopted({}, version("A", ""));
}

Record trying() {
    return with_trial(running(), version("B"));
}

const std::string kA = digest_of("A");
const std::string kB = digest_of("B");
const std::string kC = digest_of("C");

}  // namespace

TEST_CASE("without a history the file runs", "[rollout]") {
    const auto start = at_start({}, kA, kReason);
    CHECK(start.runs == Start::Runs::file);
    CHECK(start.record == Record{});
}

TEST_CASE("a start that finds everything as it was changes nothing", "[rollout]") {
    const auto start = at_start(running(), kA, kReason);
    CHECK(start.runs == Start::Runs::file);
    CHECK(start.record == running());
}

TEST_CASE("a file that somebody has changed runs", "[rollout]") {
    CHECK(at_start(running(), kC, kReason).runs == Start::Runs::file);
    const auto record = with_adopted(running(), version("C", ""));
    CHECK(record.good.size() == 2);
    CHECK(record.good.back().number == 2);
}

TEST_CASE("a trial that a start finds has failed", "[rollout]") {
    const auto start = at_start(trying(), kA, kReason);
    CHECK(start.runs == Start::Runs::file);
    CHECK_FALSE(start.record.trial);
    REQUIRE(start.record.failure);
    CHECK(start.record.failure->reason == kReason);
    CHECK(start.record.failure->version.by == "marie");
    CHECK(start.record.good == running().good);
}

TEST_CASE("the file itself was on trial: the good one runs, at every start", "[rollout]") {
    auto start = at_start(trying(), kB, kReason);
    CHECK(start.runs == Start::Runs::good);
    start = at_start(start.record, kB, kReason);
    CHECK(start.runs == Start::Runs::good);
    // One byte more, and it is somebody's change.
    CHECK(at_start(start.record, kC, kReason).runs == Start::Runs::file);
}

TEST_CASE("a trial that fails while the gateway runs is the same", "[rollout]") {
    const auto elsewhere = with_trial_failed(trying(), "silent", kA);
    CHECK(at_start(elsewhere, kA, kReason).runs == Start::Runs::file);
    const auto in_file = with_trial_failed(trying(), "silent", kB);
    CHECK(at_start(in_file, kB, kReason).runs == Start::Runs::good);
    CHECK(at_start(in_file, kB, kReason).record.failure->reason == "silent");
}

TEST_CASE("what is confirmed runs before the file is written, and after", "[rollout]") {
    const auto record = with_trial_confirmed(trying(), kA);
    CHECK(record.good.back().digest == kB);
    CHECK_FALSE(record.trial);
    CHECK(at_start(record, kA, kReason).runs == Start::Runs::good);
    const auto written = at_start(record, kB, kReason);
    CHECK(written.runs == Start::Runs::file);
    CHECK(written.record.passed_over.empty());
    // Who then puts the old file back means it.
    CHECK(at_start(written.record, kA, kReason).runs == Start::Runs::file);
}

TEST_CASE("a file that is behind stays so through a trial that fails", "[rollout]") {
    auto record = with_trial_confirmed(trying(), kA);
    record = with_trial(record, version("C"));
    record = with_trial_failed(record, "silent", kA);
    CHECK(at_start(record, kA, kReason).runs == Start::Runs::good);
    CHECK(record.good.back().digest == kB);
}

TEST_CASE("the file itself is confirmed: nothing is left to write", "[rollout]") {
    const auto record = with_trial_confirmed(trying(), kB);
    CHECK(record.passed_over.empty());
    CHECK(at_start(record, kB, kReason).runs == Start::Runs::file);
}

TEST_CASE("the last failure is forgotten when the next trial begins", "[rollout]") {
    const auto failed = with_trial_failed(trying(), "silent", kA);
    CHECK(failed.failure);
    CHECK_FALSE(with_trial(failed, version("C")).failure);
}

TEST_CASE("twenty are kept and no number is given twice", "[rollout]") {
    Record record = running();
    for (int i = 0; i < 50; ++i) {
        record = with_trial(record, version(std::to_string(i)));
        record = i % 2 == 0 ? with_trial_confirmed(record, kA) : with_trial_failed(record, "", kA);
    }
    CHECK(record.good.size() == Record::kGoodMax);
    CHECK(record.good.back().number == 50);
    CHECK(record.failure->version.number == 51);
    CHECK(record.number_last == 51);
    CHECK(record.find_good(50) != nullptr);
    CHECK(record.find_good(51) == nullptr);
    CHECK(record.find_good(1) == nullptr);
}

TEST_CASE("a record is read as it was written", "[rollout]") {
    Record record = with_trial_failed(trying(), "a \"reason\"\nin two lines é", kB);
    record = with_trial_confirmed(with_trial(record, version("C", "amélie")), kA);
    record = with_trial(with_trial_failed(with_trial(record, version("D")), "x", kA), version("E"));
    record.trial->at = *gateway::model::parse_rfc3339("2026-05-01T12:00:00.123Z");
    record.trial->from = "192.0.2.7";
    CHECK(parse_record(to_text(record)) == record);
    record = with_trial_failed(record, "y", kA);
    CHECK(parse_record(to_text(record)) == record);
    const std::string text = to_text(record);
    for (std::size_t size = 0; size + 2 < text.size(); ++size)
        CHECK_FALSE(parse_record(text.substr(0, size)));
    CHECK_FALSE(parse_record("{}"));
    CHECK_FALSE(parse_record("[]"));
}
