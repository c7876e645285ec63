#include "gateway/status/site.hpp"

#include "gateway/status/device_page.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using status::Response;

namespace {

class SampleView final : public status::ReportView {
  public:
    SampleView() : report_(tests::status::sample_report()) {}
    observe::Report report() const override { return report_; }
    observe::DevicesReport devices(const observe::DeviceQuery& query) const override {
        asked = query;
        return tests::status::sample_devices();
    }
    const observe::History& history() const override { return past_.history; }
    std::string_view notice() const override { return "<style>p{}</style><p>Water</p>"; }
    observe::Report report_;
    mutable observe::DeviceQuery asked;

  private:
    tests::status::SamplePast past_;
};

// What a method gets at a target.
Response ask(const status::ReportView& view, std::string_view method, std::string_view target) {
    boost::asio::io_context reactor;
    status::LivePage page{reactor.get_executor(), view};
    return status::respond({.method = method, .target = target}, {view, page});
}

Response get(const status::ReportView& view, std::string_view target) {
    return ask(view, "GET", target);
}

}  // namespace

TEST_CASE("every route has its content", "[status]") {
    const SampleView view;
    CHECK(get(view, "/").content_type == "text/html; charset=utf-8");
    CHECK(get(view, "/").body.starts_with("<!doctype html>"));
    CHECK(get(view, "/notice").body == view.notice());
    CHECK(get(view, "/healthz").body == "ok\n");
    CHECK(get(view, "/status").content_type == "application/json");
    CHECK(get(view, "/history").content_type == "application/json");
    CHECK(
        get(view, "/metrics").content_type ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    CHECK(get(view, "/metrics").body.ends_with("# EOF\n"));
}

TEST_CASE("the devices are asked for as the query says", "[status]") {
    const SampleView view;
    CHECK(get(view, "/devices").status == 200);
    CHECK(get(view, "/devices").content_type == "application/json");
    CHECK(view.asked.search.empty());
    CHECK(view.asked.limit == 100);
    CHECK_FALSE(view.asked.silent);
    CHECK(get(view, "/devices?search=m%2D1%c3%A9&limit=7&silent=1").status == 200);
    CHECK(view.asked.search == "m-1\u00e9");
    CHECK(view.asked.limit == 7);
    CHECK(view.asked.silent);
    CHECK(get(view, "/devices?").status == 200);
    CHECK(get(view, "/devices?search=").status == 200);
}

TEST_CASE("the page of devices is asked as a browser sends its form", "[status]") {
    const SampleView view;
    const Response all = get(view, "/devices.html");
    CHECK(all.status == 200);
    CHECK(all.content_type == "text/html; charset=utf-8");
    CHECK(view.asked.search.empty());
    CHECK_FALSE(view.asked.silent);
    CHECK(view.asked.limit == status::kDevicesOnPageMax);
    CHECK(get(view, "/devices.html?search=+le+bas%2B%C3%A9+&silent=1&limit=900").status == 200);
    CHECK(view.asked.search == "le bas+\u00e9");
    CHECK(view.asked.silent);
    CHECK(view.asked.limit == status::kDevicesOnPageMax);
    CHECK(get(view, "/devices?search=a+b").status == 200);
    CHECK(view.asked.search == "a+b");
    CHECK(get(view, "/devices.html?search=%").status == 400);
}

TEST_CASE("names of devices are for no network, in no form", "[status]") {
    const SampleView view;
    boost::asio::io_context reactor;
    status::LivePage page{reactor.get_executor(), view};
    const status::Site exposed{view, page, false};
    for (const char* target :
         {"/devices", "/devices?search=n", "/devices.html", "/devices.html?"}) {
        INFO(target);
        const Response response = status::respond({.method = "GET", .target = target}, exposed);
        CHECK(response.status == 403);
        CHECK(response.body.find("nqx3v2o5c7hml4ktp6ayr2bweu") == std::string::npos);
        CHECK(get(view, target).body.find("nqx3v2o5c7hml4ktp6ayr2bweu") != std::string::npos);
    }
}

TEST_CASE("only the page of devices has a form, which leads back to it", "[status]") {
    const SampleView view;
    const std::string policy = get(view, "/devices.html").policy;
    CHECK(policy.find("form-action 'self'") != std::string::npos);
    CHECK(policy.find("script-src") == std::string::npos);
    CHECK(get(view, "/").policy.find("form-action 'none'") != std::string::npos);
}

TEST_CASE("a query that cannot be understood is refused", "[status]") {
    const SampleView view;
    for (const char* query :
         {"x=1",
          "limit",
          "limit=",
          "limit=-1",
          "limit=1001",
          "limit=9e9",
          "silent=yes",
          "search=%",
          "search=%2",
          "search=%zz",
          "search=a&b"}) {
        INFO(query);
        CHECK(get(view, std::string("/devices?") + query).status == 400);
    }
}

TEST_CASE("a gateway that cannot store is alive but not ready", "[status]") {
    SampleView view;
    CHECK(get(view, "/readyz").status == 200);
    view.report_.buffer.able_to_store = false;
    CHECK(get(view, "/readyz").status == 503);
    CHECK(get(view, "/healthz").status == 200);
}

TEST_CASE("a query does not change the route", "[status]") {
    const SampleView view;
    CHECK(get(view, "/healthz?verbose=1").status == 200);
    CHECK(get(view, "/?").status == 200);
}

TEST_CASE("what is no route is not found", "[status]") {
    const SampleView view;
    for (const char* target :
         {"", "*", "//", "/status/", "/Status", "/../status", "/%73tatus", "http://localhost/"}) {
        INFO(target);
        CHECK(get(view, target).status == 404);
    }
}

TEST_CASE("the endpoint is read-only and says so", "[status]") {
    const SampleView view;
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "BREW"}) {
        INFO(method);
        const Response response = ask(view, method, "/status");
        CHECK(response.status == 405);
        CHECK(response.allow == "GET, HEAD");
    }
    CHECK(ask(view, "HEAD", "/status").status == 200);
}

TEST_CASE("what is inline is allowed by its hash alone", "[status]") {
    const SampleView view;
    for (const char* target : {"/", "/notice", "/devices.html"}) {
        INFO(target);
        const std::string policy = get(view, target).policy;
        CHECK(policy.starts_with("default-src 'none'; "));
        CHECK(policy.find("style-src 'sha256-") != std::string::npos);
        CHECK(policy.find("unsafe") == std::string::npos);
    }
    CHECK(get(view, "/").policy.find("script-src 'sha256-") != std::string::npos);
    CHECK(get(view, "/notice").policy.find("script-src") == std::string::npos);
    CHECK(get(view, "/status").policy.empty());
}
