#include "gateway/status/site.hpp"

#include "tests/unit/status/sample_report.hpp"

#include <catch2/catch.hpp>

using namespace gateway;
using status::Response;

namespace {

class SampleView final : public status::ReportView {
  public:
    SampleView() : report_(tests::status::sample_report()) {}
    observe::Report report() const override { return report_; }
    const observe::History& history() const override { return past_.history; }
    observe::Report report_;

  private:
    tests::status::SamplePast past_;
};

Response get(const status::ReportView& view, std::string_view target) {
    return status::respond({.method = "GET", .target = target}, view);
}

}  // namespace

TEST_CASE("every route has its content", "[status]") {
    const SampleView view;
    CHECK(get(view, "/").content_type == "text/html; charset=utf-8");
    CHECK(get(view, "/").body.starts_with("<!doctype html>"));
    CHECK(get(view, "/style.css").content_type == "text/css; charset=utf-8");
    CHECK(get(view, "/healthz").body == "ok\n");
    CHECK(get(view, "/status").content_type == "application/json");
    CHECK(get(view, "/history").content_type == "application/json");
    CHECK(
        get(view, "/metrics").content_type ==
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    CHECK(get(view, "/metrics").body.ends_with("# EOF\n"));
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
        const Response response = status::respond({.method = method, .target = "/status"}, view);
        CHECK(response.status == 405);
        CHECK(response.allow == "GET, HEAD");
    }
    CHECK(status::respond({.method = "HEAD", .target = "/status"}, view).status == 200);
}
