#include "gateway/status/site.hpp"

#include "gateway/status/device_query.hpp"
#include "gateway/status/json_devices.hpp"
#include "gateway/status/json_report.hpp"
#include "gateway/status/open_metrics.hpp"
#include "gateway/status/page.hpp"

#include <algorithm>
#include <array>

namespace gateway::status {
namespace {

Response page(const ReportView& view, std::string_view /*target*/) {
    return {200, "text/html; charset=utf-8", to_page(view.report()), {}};
}

Response style(const ReportView& /*view*/, std::string_view /*target*/) {
    return {200, "text/css; charset=utf-8", std::string{page_style()}, {}};
}

Response healthz(const ReportView& /*view*/, std::string_view /*target*/) {
    return {200, "text/plain; charset=utf-8", "ok\n", {}};
}

Response readyz(const ReportView& view, std::string_view /*target*/) {
    if (view.report().buffer.able_to_store)
        return {200, "text/plain; charset=utf-8", "ready\n", {}};
    return refuse(503, "not able to store");
}

Response metrics(const ReportView& view, std::string_view /*target*/) {
    std::string text = to_open_metrics(view.report(), observe::read_process_figures());
    return {200, std::string{kOpenMetricsType}, std::move(text), {}};
}

Response report(const ReportView& view, std::string_view /*target*/) {
    return {200, "application/json", to_json(view.report()), {}};
}

Response devices(const ReportView& view, std::string_view target) {
    const auto query = parse_device_query(target);
    if (!query)
        return refuse(400, "the query is not understood: search=, limit= up to 1000, silent=1");
    return {200, "application/json", to_json(view.devices(*query)), {}};
}

struct Route {
    std::string_view path;
    Response (*answer)(const ReportView&, std::string_view target);
};

constexpr std::array<Route, 7> kRoutes{
    {{"/", page},
     {"/style.css", style},
     {"/healthz", healthz},
     {"/readyz", readyz},
     {"/metrics", metrics},
     {"/status", report},
     {kDevicesPath, devices}}};

}  // namespace

Response respond(const Request& request, const ReportView& view) {
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
    return route->answer(view, request.target);
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
