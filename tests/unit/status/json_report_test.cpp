#include "gateway/status/json_report.hpp"

#include "gateway/status/json_writer.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace gateway;
namespace dom = simdjson::dom;

namespace {

// The report as somebody else's parser reads it.
class ParsedReport {
  public:
    explicit ParsedReport(const observe::Report& report)
        : text_(status::to_json(report)), root_(parser_.parse(text_)) {}

    dom::element at(const char* pointer) const { return root_.at_pointer(pointer).value(); }
    std::uint64_t number(const char* pointer) const { return at(pointer).get_uint64().value(); }
    std::string_view text(const char* pointer) const { return at(pointer).get_string().value(); }
    bool truth(const char* pointer) const { return at(pointer).get_bool().value(); }

  private:
    std::string text_;
    dom::parser parser_;
    dom::element root_;
};

}  // namespace

TEST_CASE("the JSON report says who, since when and in which state", "[status]") {
    const ParsedReport json{tests::status::sample_report()};
    CHECK(json.text("/gateway") == "tunis-bardo-07");
    CHECK(json.text("/version") == "0.1.0");
    CHECK(json.number("/uptime_s") == 273'845);
    CHECK(json.text("/state") == "degraded");
    CHECK(json.text("/problems/0/code") == "uplink-unreachable:region");
    CHECK(json.text("/problems/0/since") == "2026-01-31T22:47:54.250Z");
    CHECK_FALSE(json.text("/problems/0/text").empty());
    CHECK(json.number("/devices") == 412);
    CHECK(json.truth("/clock/synchronised"));
    CHECK(json.text("/clock/now") == "2026-01-31T23:59:59.250Z");
    CHECK(json.text("/clock/system") == "2026-01-31T23:59:59.250Z");
    CHECK(json.text("/clock/floor") == "2026-01-30T23:59:59.250Z");
    CHECK(json.truth("/clock/trusted"));
    CHECK(json.text("/clock/source") == "kernel");
    CHECK(json.text("/clock/boot") == "96347d53");
    CHECK(json.number("/clock/undated") == 1'207);
    CHECK(json.number("/clock/corrected") == 1'200);
    CHECK(json.number("/clock/uncertain") == 7);
}

TEST_CASE("the ledger of the JSON report adds up", "[status]") {
    const ParsedReport json{tests::status::sample_report()};
    const std::uint64_t refused =
        json.number("/ledger/refused/duplicate") + json.number("/ledger/refused/malformed");
    CHECK(json.number("/ledger/received") == json.number("/ledger/stored") + refused);
    CHECK(json.number("/ledger/evicted/retention") == 12);
    CHECK(json.number("/ledger/uplinks/region/waiting") == 98'765);
    CHECK(json.number("/ledger/uplinks/region/lag_s") == 4'325);
    CHECK(json.number("/ledger/uplinks/region/dead") == 3);
    CHECK(
        json.number("/ledger/uplinks/region/delivered") + 98'765 + 3 + 12 ==
        json.number("/ledger/stored")
    );
}

TEST_CASE("the JSON report shows sources and buffer", "[status]") {
    const ParsedReport json{tests::status::sample_report()};
    CHECK(json.at("/sources").get_array().value().size() == 2);
    CHECK(json.text("/sources/0/name") == "meters");
    CHECK(json.text("/sources/0/last_frame") == "2026-01-31T23:59:57.250Z");
    CHECK(json.at("/sources/1/last_frame").is_null());
    CHECK(json.number("/buffer/bytes") == 1'649'267'441);
    CHECK(json.number("/buffer/size_max") == 2'147'483'648);
    CHECK(json.number("/buffer/segments") == 812);
    CHECK(json.number("/buffer/bytes_written") == 123'456'789'012);
    CHECK(json.number("/buffer/bytes_per_reading") == 42);
    CHECK(json.number("/buffer/bytes_per_day") == 157'286'400);
    CHECK(json.number("/buffer/flash_budget_per_day") == 209'715'200);
    CHECK(json.number("/buffer/full_in_s") == 788'400);
    CHECK(json.text("/buffer/oldest") == "2026-01-31T22:47:54.250Z");
}

TEST_CASE("the JSON report of a gateway that has just started is whole", "[status]") {
    const ParsedReport json{observe::Report{}};
    CHECK(json.text("/state") == "ok");
    CHECK(json.at("/problems").get_array().value().size() == 0);
    CHECK(json.at("/ledger/refused").get_object().value().size() == 0);
    CHECK(json.at("/ledger/uplinks").get_object().value().size() == 0);
    CHECK(json.at("/buffer/oldest").is_null());
    CHECK(json.at("/buffer/full_in_s").is_null());
}

TEST_CASE("any text survives the JSON report", "[status]") {
    std::string text = "quote \" backslash \\ tab \t line \n é 漢 ";
    text += '\0';
    observe::Report report;
    report.city = text + "\xff";
    const ParsedReport json{report};
    CHECK(json.text("/city") == text + "\xef\xbf\xbd");
}

TEST_CASE("the JSON writer separates members and elements", "[status]") {
    status::JsonWriter json;
    json.open_array();
    json.value(-1);
    json.open_object();
    json.close_object();
    json.open_object();
    json.member("a", true);
    json.member("b", "c");
    json.key("d");
    json.null();
    json.close_object();
    json.value(false);
    json.close_array();
    CHECK(json.take() == R"([-1,{},{"a":true,"b":"c","d":null},false])");
}

TEST_CASE("the JSON report shows the quarantine, or that there is none", "[status]") {
    const ParsedReport json{tests::status::sample_report()};
    CHECK(json.number("/quarantine/records") == 1'203);
    CHECK(json.number("/quarantine/sealed") == 1'210);
    CHECK(json.number("/quarantine/lost/evicted") == 12);
    const ParsedReport none{observe::Report{}};
    CHECK(none.at("/quarantine").is_null());
}
