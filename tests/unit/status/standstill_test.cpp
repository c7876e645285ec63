// A gateway that stands still does not know what it has stored: nothing says that it is nothing.
#include "gateway/status/json_report.hpp"
#include "gateway/status/open_metrics.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

observe::Report still() {
    observe::Report report = tests::status::sample_report();
    report.running = false;
    return report;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the JSON of a gateway that stands still has no figures of readings", "[status]") {
    const std::string text = status::to_json(still());
    CHECK(contains(text, "\"running\":false"));
    CHECK(contains(text, "\"ledger\":null"));
    CHECK(contains(text, "\"buffer\":null"));
    CHECK(contains(status::to_json(tests::status::sample_report()), "\"running\":true"));
}

TEST_CASE("the metrics of a gateway that stands still have no counters of readings", "[status]") {
    const std::string text = status::to_open_metrics(still(), {});
    CHECK(contains(text, "passerelle_state{"));
    CHECK(contains(text, "process_resident_memory_bytes"));
    CHECK_FALSE(contains(text, "passerelle_readings"));
    CHECK_FALSE(contains(text, "passerelle_buffer"));
    CHECK_FALSE(contains(text, "passerelle_uplink"));
    const auto work = status::to_open_metrics(tests::status::sample_report(), {});
    CHECK(contains(work, "passerelle_readings_received_total"));
}

TEST_CASE("the page of a gateway that stands still shows what is wrong alone", "[status]") {
    const std::string page = tests::status::sample_page(still());
    CHECK(contains(page, "The gateway stands still"));
    CHECK(contains(page, "id=\"problems\""));
    CHECK_FALSE(contains(page, "id=\"ledger\""));
    CHECK_FALSE(contains(page, "id=\"buffer\""));
}
