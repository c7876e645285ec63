#include "gateway/status/page.hpp"

#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

#include <regex>

using namespace gateway;

namespace {

bool has(std::string_view page, std::string_view text) {
    return page.find(text) != std::string_view::npos;
}

std::ptrdiff_t count(const std::string& page, const char* pattern) {
    const std::regex expression{pattern};
    return std::distance(
        std::sregex_iterator{page.begin(), page.end(), expression}, std::sregex_iterator{}
    );
}

}  // namespace

TEST_CASE("the page says first in words how it stands", "[status]") {
    observe::Report report;
    CHECK(has(tests::status::sample_page(report), "Everything works."));
    report.problems.push_back({"slow", "It is slow.", {}, false});
    CHECK(has(
        tests::status::sample_page(report), "Readings are stored, but something needs attention."
    ));
    report.problems.push_back({"gone", "The card is gone.", {}, true});
    const std::string page = tests::status::sample_page(report);
    CHECK(has(page, "Readings cannot be stored."));
    CHECK(page.find("The card is gone.") < page.find("<h2 id=\"ledger\">"));
}

TEST_CASE("the page shows ledger, sources, uplinks, buffer and clock", "[status]") {
    const std::string page = tests::status::sample_page(tests::status::sample_report());
    for (const char* text :
         {"tunis-bardo-07",
          "Tunis",
          "1,234,610",
          "sent twice",
          "98,765",
          "connection refused",
          "meters",
          "1.5\u00a0GiB of 2\u00a0GiB",
          "9\u00a0d 3\u00a0h",
          "synchronised",
          "3\u00a0d 4\u00a0h"}) {
        INFO(text);
        CHECK(has(page, text));
    }
}

TEST_CASE("the page can be used without eyes, script or network", "[status]") {
    const std::string page = tests::status::sample_page(tests::status::sample_report());
    CHECK(has(page, "<html lang=\"en\">"));
    for (const char* landmark : {"<header>", "<main>", "<footer>", "<title>", "name=\"viewport\""})
        CHECK(has(page, landmark));
    CHECK(count(page, "<h1") == 1);
    CHECK(count(page, "<table class=\"[a-z]+\" aria-labelledby=") == count(page, "<table"));
    CHECK(count(page, "<th scope=") == count(page, "<th[ >]"));
    CHECK(count(page, "<script") == 1);
    CHECK(has(page, "<noscript><meta http-equiv=\"refresh\""));
    CHECK(count(page, "<svg role=\"img\" aria-label=") == 4);
    CHECK(count(page, "<svg") == 4);
    CHECK_FALSE(has(page, "style=\""));
    CHECK_FALSE(has(page, "http://"));
    CHECK_FALSE(has(page, "https://"));
    CHECK_FALSE(has(status::page_style(), "url("));
}

TEST_CASE("the page says in figures and a sentence what its charts show", "[status]") {
    const std::string page = tests::status::sample_page(tests::status::sample_report());
    for (const char* text :
         {"The last hour",
          "15,120 received: 14,400 stored, 720 refused. 14,400 delivered.",
          "At most 7,160 waited, now 0.",
          "The last day",
          "Full in 9\u00a0d 3\u00a0h at the present rate.",
          ">20,000</span>"}) {
        INFO(text);
        CHECK(has(page, text));
    }
}

TEST_CASE("the page says what becomes of the buffer", "[status]") {
    observe::Report report;
    report.buffer.able_to_store = true;
    report.buffer.size_max = 1'000;
    CHECK(has(tests::status::sample_page(report), "Nothing waits to be delivered."));
    report.uplinks["city"].waiting = 7;
    report.uplinks["city"].connected = true;
    report.buffer.full_in_s = 7'200;
    CHECK(has(tests::status::sample_page(report), "Readings are delivered as they come."));
    report.uplinks["city"].lag_s = 61;
    CHECK(has(tests::status::sample_page(report), "Full in 2\u00a0h at the present rate."));
    report.buffer.full_in_s.reset();
    CHECK(has(tests::status::sample_page(report), "Neither filling nor emptying."));
    report.buffer.empty_in_s = 90;
    CHECK(has(tests::status::sample_page(report), "Nothing waits in 1\u00a0min 30\u00a0s"));
    report.buffer.empty_in_s.reset();
    report.buffer.bytes = 990;
    CHECK(has(tests::status::sample_page(report), "Full: the oldest readings give way"));
}

TEST_CASE("a gateway without a past has no charts, and says so", "[status]") {
    const observe::Report report;
    const runtime::ManualClock clock{*model::parse_rfc3339("2026-03-01T12:00:00Z")};
    const observe::History history{clock};
    const auto page = status::to_page(report, status::to_parts(report, history), "7.1");
    CHECK(has(page, "Nothing is known of it yet."));
    CHECK_FALSE(has(page, "<svg"));
}

TEST_CASE("every element of the page is closed in order", "[status]") {
    const std::string page = tests::status::sample_page(tests::status::sample_report());
    const std::regex tag{"<(/?)([a-z0-9]+)[^>]*>"};
    std::vector<std::string> open;
    for (std::sregex_iterator at{page.begin(), page.end(), tag}, end; at != end; ++at) {
        const std::string name = (*at)[2];
        if (name == "meta" || name == "path") continue;
        if ((*at)[1].length() == 0) {
            open.push_back(name);
            continue;
        }
        REQUIRE_FALSE(open.empty());
        CHECK(open.back() == name);
        open.pop_back();
    }
    CHECK(open.empty());
}

TEST_CASE("no name or detail becomes markup on the page", "[status]") {
    const std::string hostile = "<script>alert(\"1\")</script>&'";
    observe::Report report;
    report.gateway = report.city = report.version = hostile;
    report.problems.push_back({hostile, hostile, {}, true});
    report.refused.emplace(hostile, 1);
    observe::UplinkReport uplink;
    uplink.detail = hostile;
    report.uplinks.emplace(hostile, uplink);
    observe::SourceReport source;
    source.name = source.driver = source.dataset = source.detail = hostile;
    report.sources.push_back(source);
    const std::string page = tests::status::sample_page(report);
    CHECK(count(page, "<script") == 1);
    CHECK_FALSE(has(page, "alert(\"1\")"));
    CHECK(has(page, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;"));
}

TEST_CASE("the page stays small however much there is to tell", "[status]") {
    observe::Report report = tests::status::sample_report();
    CHECK(tests::status::sample_page(report).size() < 30'000);
    for (int i = 0; i < 10'000; ++i) {
        report.problems.push_back({"p" + std::to_string(i), std::string(200, 'x'), {}, false});
        report.sources.push_back(report.sources.front());
        report.uplinks.emplace("u" + std::to_string(i), report.uplinks.at("city"));
    }
    const std::string page = tests::status::sample_page(report);
    CHECK(page.size() < 100'000);
    CHECK(has(page, "and 9,971 more"));
}

TEST_CASE("a page without sources, uplinks and buffer says so", "[status]") {
    const std::string page = tests::status::sample_page(observe::Report{});
    CHECK(has(page, "No source is configured."));
    CHECK(has(page, "No uplink is configured."));
    CHECK_FALSE(has(page, "<h2 id=\"problems\">"));
}
