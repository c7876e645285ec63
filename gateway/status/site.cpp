#include "gateway/status/site.hpp"

#include "gateway/status/content_policy.hpp"
#include "gateway/status/device_page.hpp"
#include "gateway/status/device_query.hpp"
#include "gateway/status/json_devices.hpp"
#include "gateway/status/json_history.hpp"
#include "gateway/status/json_report.hpp"
#include "gateway/status/open_metrics.hpp"
#include "gateway/status/page.hpp"

#include <algorithm>
#include <array>

namespace gateway::status {
namespace {

Response page(const Request& /*request*/, const Site& site) {
    static const std::string policy = content_policy(page_style(), page_script());
    Response response{200, "text/html; charset=utf-8", site.page.document()};
    response.policy = policy;
    return response;
}

Response notice(const Request& /*request*/, const Site& site) {
    Response response{200, "text/html; charset=utf-8", std::string{site.view.notice()}};
    response.policy = content_policy(inline_style(response.body), {});
    return response;
}

// "/events?after=…"; what the browser heard last is newer.
Response events(const Request& request, const Site& site) {
    constexpr std::string_view kAfter = "?after=";
    const std::size_t at = request.target.find(kAfter);
    std::string_view after;
    if (at != std::string_view::npos) after = request.target.substr(at + kAfter.size());
    Response response{200, "text/event-stream", {}};
    response.events = site.page.follow(request.last_event.value_or(after));
    return response.events ? response : refuse(503, "too many pages are followed");
}

Response healthz(const Request& /*request*/, const Site& /*site*/) {
    return {200, "text/plain; charset=utf-8", "ok\n"};
}

Response readyz(const Request& /*request*/, const Site& site) {
    if (site.view.report().buffer.able_to_store)
        return {200, "text/plain; charset=utf-8", "ready\n"};
    return refuse(503, "not able to store");
}

Response metrics(const Request& /*request*/, const Site& site) {
    std::string text = to_open_metrics(site.view.whole_report(), observe::read_process_figures());
    return {200, std::string{kOpenMetricsType}, std::move(text)};
}

Response report(const Request& /*request*/, const Site& site) {
    return {200, "application/json", to_json(site.view.whole_report())};
}

Response history(const Request& /*request*/, const Site& site) {
    return {200, "application/json", to_json(site.view.history())};
}

constexpr std::string_view kDeviceQueryUse =
    "the query is not understood: search=, limit= up to 1000, silent=1";

Response devices(const Request& request, const Site& site) {
    if (!site.shows_devices)
        return refuse(403, "devices are not shown on a network: ask the unix socket");
    const auto query = parse_device_query(request.target);
    if (!query) return refuse(400, kDeviceQueryUse);
    return {200, "application/json", to_json(site.view.devices(*query))};
}

Response device_page(const Request& request, const Site& site) {
    static const std::string policy = content_policy(device_page_style(), {}, Forms::here);
    Response response{200, "text/html; charset=utf-8", {}};
    response.policy = policy;
    const observe::Report report = site.view.report();
    if (!site.shows_devices) {
        response.status = 403;
        response.body = to_hidden_device_page(report);
        return response;
    }
    auto query = parse_device_form(request.target);
    if (!query) return refuse(400, kDeviceQueryUse);
    query->limit = kDevicesOnPageMax;
    response.body = to_device_page(report, *query, site.view.devices(*query));
    return response;
}

struct Route {
    std::string_view path;
    Response (*answer)(const Request&, const Site&);
};

constexpr std::array<Route, 10> kRoutes{
    {{"/", page},
     {"/events", events},
     {"/notice", notice},
     {"/healthz", healthz},
     {"/readyz", readyz},
     {"/metrics", metrics},
     {"/status", report},
     {"/history", history},
     {"/devices", devices},
     {kDevicePagePath, device_page}}};

}  // namespace

Response respond(const Request& request, const Site& site) {
    const std::string_view path = path_of(request.target);
    const auto* const route = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& r) {
        return r.path == path;
    });
    if (route == kRoutes.end()) return refuse(404, "not found");
    if (request.method != "GET" && request.method != "HEAD") {
        Response response = refuse(405, "method not allowed");
        response.allow = "GET, HEAD";
        return response;
    }
    return route->answer(request, site);
}

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

Response refuse(unsigned status, std::string_view text) {
    Response response;
    response.status = status;
    response.body = std::string{text} + '\n';
    return response;
}

}  // namespace gateway::status
