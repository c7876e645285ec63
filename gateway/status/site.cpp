#include "gateway/status/site.hpp"

#include "gateway/status/json_history.hpp"
#include "gateway/status/json_report.hpp"
#include "gateway/status/open_metrics.hpp"
#include "gateway/status/page.hpp"

#include <algorithm>
#include <array>

namespace gateway::status {
namespace {

Response page(const ReportView& view) {
    return {200, "text/html; charset=utf-8", to_page(view.report()), {}};
}

Response style(const ReportView& /*view*/) {
    return {200, "text/css; charset=utf-8", std::string{page_style()}, {}};
}

Response healthz(const ReportView& /*view*/) {
    return {200, "text/plain; charset=utf-8", "ok\n", {}};
}

Response readyz(const ReportView& view) {
    if (view.report().buffer.able_to_store)
        return {200, "text/plain; charset=utf-8", "ready\n", {}};
    return refuse(503, "not able to store");
}

Response metrics(const ReportView& view) {
    std::string text = to_open_metrics(view.report(), observe::read_process_figures());
    return {200, std::string{kOpenMetricsType}, std::move(text), {}};
}

Response report(const ReportView& view) {
    return {200, "application/json", to_json(view.report()), {}};
}

Response history(const ReportView& view) {
    return {200, "application/json", to_json(view.history()), {}};
}

struct Route {
    std::string_view path;
    Response (*answer)(const ReportView&);
};

constexpr std::array<Route, 7> kRoutes{
    {{"/", page},
     {"/style.css", style},
     {"/healthz", healthz},
     {"/readyz", readyz},
     {"/metrics", metrics},
     {"/status", report},
     {"/history", history}}};

}  // namespace

Response respond(const Request& request, const ReportView& view) {
    const std::string_view path = request.target.substr(0, request.target.find('?'));
    const auto* const route = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& r) {
        return r.path == path;
    });
    if (route == kRoutes.end()) return refuse(404, "not found");
    if (request.method != "GET" && request.method != "HEAD") {
        Response response = refuse(405, "method not allowed");
        response.allow = "GET, HEAD";
        return response;
    }
    return route->answer(view);
}

Response refuse(unsigned status, std::string_view text) {
    Response response;
    response.status = status;
    response.body = std::string{text} + '\n';
    return response;
}

}  // namespace gateway::status
