#include "gateway/status/open_metrics.hpp"

#include "tests/support/temporary_directory.hpp"
#include "tests/unit/status/exposition_parser.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using tests::status::Family;
using tests::status::parse_exposition;

namespace {

const observe::ProcessFigures kProcess{25'165'824, 12.5, 31, 1'024, 99'000'000, 7, 1'769'903'000.5};

std::map<std::string, Family> families_of(const observe::Report& report) {
    return parse_exposition(status::to_open_metrics(report, kProcess));
}

double value_of(const Family& family, const std::string& label, const std::string& value) {
    for (const auto& sample : family.samples) {
        const auto position = sample.labels.find(label);
        if (position != sample.labels.end() && position->second == value) return sample.value;
    }
    FAIL("no sample with " << label << "=" << value);
    return 0;
}

}  // namespace

TEST_CASE("the metrics of a gateway at work are strict OpenMetrics", "[status]") {
    const auto families = families_of(tests::status::sample_report());
    for (const auto& [name, family] : families) {
        INFO(name);
        CHECK_FALSE(family.samples.empty());
        CHECK(family.help.ends_with('.'));
        const bool has_unit_name = name.ends_with("_seconds") || name.ends_with("_bytes");
        CHECK(has_unit_name == !family.unit.empty());
    }
    CHECK(families.size() == 72);
}

TEST_CASE("every family and type is in the README's table", "[status]") {
    const std::string readme =
        tests::support::read_file(PASSERELLE_SOURCE_DIR "/gateway/status/README.md");
    for (const auto& [name, family] : families_of(tests::status::sample_report())) {
        INFO(name);
        CHECK(readme.find("| `" + name + "` | " + family.type + " | ") != std::string::npos);
    }
}

TEST_CASE("the metrics of a gateway that has just started are strict OpenMetrics", "[status]") {
    const auto families = families_of(observe::Report{});
    CHECK(families.count("passerelle_readings_received") == 1);
    CHECK(families.count("passerelle_uplink_connected") == 0);
    CHECK(families.count("passerelle_buffer_full_in_seconds") == 0);
}

TEST_CASE("the ledger is in the metrics by cause, uplink and source", "[status]") {
    const auto families = families_of(tests::status::sample_report());
    CHECK(families.at("passerelle_readings_received").samples.at(0).value == 1'234'610);
    CHECK(families.at("passerelle_readings_stored").samples.at(0).value == 1'234'567);
    CHECK(value_of(families.at("passerelle_readings_refused"), "cause", "duplicate") == 26);
    CHECK(value_of(families.at("passerelle_readings_evicted"), "cause", "retention") == 12);
    CHECK(
        value_of(families.at("passerelle_uplink_readings_waiting"), "uplink", "region") == 98'765
    );
    CHECK(value_of(families.at("passerelle_uplink_connected"), "uplink", "region") == 0);
    CHECK(value_of(families.at("passerelle_uplink_sent_bytes"), "uplink", "city") == 9'876'543);
    CHECK(value_of(families.at("passerelle_source_readings_refused"), "source", "meters") == 17);
}

TEST_CASE("the quarantine is in the metrics where there is one", "[status]") {
    const auto families = families_of(tests::status::sample_report());
    CHECK(value_of(families.at("passerelle_quarantine_lost"), "cause", "spared-flash") == 88);
    CHECK(families.at("passerelle_quarantine_records").samples.front().value == 1'203);
    CHECK(families_of(observe::Report{}).count("passerelle_quarantine_records") == 0);
}

TEST_CASE("state, problems and process are in the metrics", "[status]") {
    const auto families = families_of(tests::status::sample_report());
    const Family& state = families.at("passerelle_state");
    CHECK(value_of(state, "passerelle_state", "ok") == 0);
    CHECK(value_of(state, "passerelle_state", "degraded") == 1);
    const Family& problem = families.at("passerelle_problem");
    CHECK(value_of(problem, "code", "uplink-unreachable:region") == 1);
    CHECK(families.at("process_resident_memory_bytes").samples.at(0).value == 25'165'824);
    CHECK(families.at("process_cpu_seconds").samples.at(0).value == Approx(12.5));
    CHECK(families.at("process_open_fds").samples.at(0).value == 31);
}

TEST_CASE("what was measured is in the metrics as histograms", "[status]") {
    observe::Report report = tests::status::sample_report();
    report.buffer.commit_seconds.note(0.004);
    report.buffer.commit_seconds.note(0.3);
    report.uplinks.at("city").batch_readings.note(250);
    const auto families = families_of(report);
    const Family& commits = families.at("passerelle_buffer_commit_seconds");
    CHECK(value_of(commits, "le", "0.0025") == 0);
    CHECK(value_of(commits, "le", "0.005") == 1);
    CHECK(value_of(commits, "le", "1.0") == 2);
    CHECK(value_of(commits, "le", "+Inf") == 2);
    CHECK(commits.samples.back().value == Approx(0.304));
    const Family& batches = families.at("passerelle_uplink_batch_readings");
    CHECK(value_of(batches, "le", "300.0") == 1);
    CHECK(batches.samples.back().labels.at("uplink") == "region");
}

TEST_CASE("a dataset has what its sources brought and what waits of it", "[status]") {
    observe::Report report = tests::status::sample_report();
    report.sources.push_back(report.sources.front());
    report.sources.back().name = "more meters";
    const auto families = families_of(report);
    const Family& stored = families.at("passerelle_dataset_readings_stored");
    CHECK(value_of(stored, "dataset", "water") == 2'000'000);
    CHECK(value_of(stored, "dataset", "air") == 1'000'000);
    const Family& waiting = families.at("passerelle_dataset_readings_waiting");
    CHECK(value_of(waiting, "uplink", "region") == 98'765);
}

TEST_CASE("a time is a number of seconds since 1970", "[status]") {
    const auto families = families_of(tests::status::sample_report());
    const Family& frame = families.at("passerelle_source_last_frame_timestamp_seconds");
    REQUIRE(frame.samples.size() == 1);
    CHECK(frame.samples[0].value == 1'769'903'997);
}

TEST_CASE("labels take any text", "[status]") {
    const std::string name = "a\"b\\c\nd é";
    observe::Report report;
    report.uplinks.emplace(name, observe::UplinkReport{});
    report.refused.emplace("bad\xff", 1);
    const auto families = families_of(report);
    CHECK(value_of(families.at("passerelle_uplink_connected"), "uplink", name) == 0);
    CHECK(value_of(families.at("passerelle_readings_refused"), "cause", "bad\xef\xbf\xbd") == 1);
}

TEST_CASE("the test's own parser refuses what the standard refuses", "[status]") {
    const auto refuses = [](const char* text) {
        CHECK_THROWS_AS(parse_exposition(text), std::runtime_error);
    };
    refuses("");
    refuses("# TYPE a gauge\na 1\n");
    refuses("# EOF");
    refuses("# EOF\n\n");
    refuses("# TYPE a counter\na 1\n# EOF\n");
    refuses("# TYPE a counter\na_total -1\n# EOF\n");
    refuses("# TYPE a gauge\na{b=\"1\",b=\"2\"} 1\n# EOF\n");
    refuses("# TYPE a gauge\na{b=\"1\"} 1\na{b=\"1\"} 2\n# EOF\n");
    refuses("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\n# EOF\n");
    refuses("# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n");
    refuses("# TYPE a gauge\na{b=\"\\t\"} 1\n# EOF\n");
    refuses("# TYPE a gauge\na one\n# EOF\n");
    const std::string histogram = "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\n";
    refuses((histogram + "a_bucket{le=\"+Inf\"} 1\n# EOF\n").c_str());
    refuses((histogram + "a_bucket{le=\"+Inf\"} 3\na_count 2\na_sum 9\n# EOF\n").c_str());
    refuses((histogram + "a_count 2\na_sum 9\n# EOF\n").c_str());
    CHECK_NOTHROW(
        parse_exposition("# TYPE a_seconds gauge\n# UNIT a_seconds seconds\n"
                         "a_seconds{b=\"x\\n\"} 1.5\n# EOF\n")
    );
}
