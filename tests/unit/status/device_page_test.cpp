#include "gateway/status/device_page.hpp"

#include "gateway/model/refusal.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <regex>

using namespace gateway;
using observe::DeviceQuery;
using observe::DevicesReport;

namespace {

std::string page_of(const DevicesReport& found, const DeviceQuery& query = {}) {
    return status::to_device_page(tests::status::sample_report(), query, found);
}

bool has(std::string_view page, std::string_view text) {
    return page.find(text) != std::string_view::npos;
}

std::ptrdiff_t count(const std::string& page, const char* pattern) {
    const std::regex expression{pattern};
    return std::distance(
        std::sregex_iterator{page.begin(), page.end(), expression}, std::sregex_iterator{}
    );
}

// A device of which as much is known as can be.
observe::DeviceReport verbose_device() {
    observe::DeviceReport device = tests::status::sample_devices().devices.front();
    device.name = std::string(256, 'n');
    device.state = "refused";
    device.last_refused_ago_s = 7;
    for (std::size_t i = 0; i < model::kRefusalCount; ++i)
        device.refused[std::string(to_string(static_cast<model::Refusal>(i)))] =
            std::numeric_limits<std::uint32_t>::max();
    return device;
}

}  // namespace

TEST_CASE("the page of devices says of each how it fares, and why it is silent", "[status]") {
    DevicesReport found = tests::status::sample_devices();
    found.devices.back().last_refused_ago_s = 5;
    const std::string page = page_of(found);
    for (const char* text :
         {"<h2 id=\"found\">412 devices found</h2>",
          "a2bweunqx3v2o5c7hml4ktp6ay",
          "✗ silent",
          "heard 1\u00a0d ago for the last time, and usually is every 15\u00a0min.",
          "Its battery was nearly empty",
          "<dt>Silent since</dt><dd>2026-01-30 21:59:59\u00a0UTC</dd>",
          "<dt>Battery</dt><dd>12\u00a0%</dd>",
          "✓ ok",
          "<dt>Last heard ago</dt><dd>5\u00a0s</dd>",
          "<dt>Usually every</dt><dd>15\u00a0min</dd>",
          "<dt>Signal</dt><dd>-101.5\u00a0dBm</dd>",
          "<dt>Refused</dt><dd>2<small>sent twice 2</small></dd>",
          "… and 410 more",
          "Source meters refused what belongs to no device"}) {
        INFO(text);
        CHECK(has(page, text));
    }
}

TEST_CASE("the search stays in its form, and is no markup", "[status]") {
    DeviceQuery query;
    query.search = "\"><script>alert(1)</script>";
    const std::string page = page_of(tests::status::sample_devices(), query);
    CHECK(has(page, "value=\"&quot;&gt;&lt;script&gt;"));
    CHECK(count(page, "<script") == 0);
    CHECK(count(page, " checked>") == 0);
    query.silent = true;
    CHECK(count(page_of(tests::status::sample_devices(), query), " checked>") == 1);
}

TEST_CASE("no name of a device becomes markup", "[status]") {
    DevicesReport found = tests::status::sample_devices();
    observe::DeviceReport& device = found.devices.front();
    device.name = device.dataset = device.source = device.vitals.front().unit = "<img src=x>&'";
    device.state = "<b>";
    device.refused["<i>"] = 1;
    const std::string page = page_of(found);
    CHECK(count(page, "<(img|b|i)[ >]") == 0);
    CHECK(has(page, "<h3>&lt;img src=x&gt;&amp;&#39;</h3>"));
}

TEST_CASE("the page of devices works without a script, and names what it asks for", "[status]") {
    const std::string page = page_of(tests::status::sample_devices());
    CHECK(count(page, "<script") == 0);
    CHECK(count(page, "http-equiv") == 0);
    CHECK(count(page, "<form role=\"search\" action=\"/devices.html\">") == 1);
    CHECK(count(page, "<label for=\"search\">") == 1);
    CHECK(count(page, "<input type=\"search\" id=\"search\" name=\"search\"") == 1);
    CHECK(count(page, "<h1>") == 1);
    CHECK(has(page, "<title>412 devices found – tunis-bardo-07</title>"));
    CHECK_FALSE(has(page, "style=\""));
}

TEST_CASE("where no device is found the page says what may be the reason", "[status]") {
    DevicesReport found = tests::status::sample_devices();
    found.matching = 0;
    found.devices.clear();
    DeviceQuery query;
    query.search = "m-1";
    std::string page = page_of(found, query);
    CHECK(has(page, "0 devices found"));
    CHECK(has(page, "No such device was heard since the gateway started, 3\u00a0d 4\u00a0h ago."));
    CHECK(has(page, "Source air cannot receive (address in use)."));
    CHECK(has(page, "passerelle devices --identity"));
    query = {};
    query.silent = true;
    page = page_of(found, query);
    CHECK(has(page, "None of the devices that were heard is silent."));
    CHECK_FALSE(has(page, "No such device"));
}

TEST_CASE("the page of devices stays small however much there is to tell", "[status]") {
    DevicesReport found = tests::status::sample_devices();
    found.matching = 10'000;
    found.devices.assign(1'000, verbose_device());
    for (int i = 0; i < 1'000; ++i) found.unnamed.push_back(found.unnamed.front());
    const std::string page = page_of(found);
    CHECK(count(page, "<h3>") == std::ptrdiff_t{status::kDevicesOnPageMax});
    CHECK(page.size() < 100'000);
}

TEST_CASE("on a network the page says where devices are shown instead", "[status]") {
    const std::string page = status::to_hidden_device_page(tests::status::sample_report());
    CHECK(has(page, "passerelle devices"));
    CHECK(count(page, "<form") == 0);
    CHECK(count(page, "<h1>") == 1);
}
