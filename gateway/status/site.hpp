#pragma once
#include "gateway/status/event_stream.hpp"
#include "gateway/status/live_page.hpp"
#include "gateway/status/report_view.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::status {

// What decides an answer, taken out of an HTTP request.
struct Request {
    std::string_view method;
    std::string_view target;  // "/metrics?x=1"
    std::optional<std::string_view> host{};
    std::optional<std::string_view> origin{};
    std::optional<std::string_view> last_event{};  // that a browser heard before it came again
};

struct Response {
    unsigned status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::string allow{};   // the Allow header of a 405; empty otherwise
    std::string policy{};  // its Content-Security-Policy; empty: nothing inline, nothing loaded
    bool is_compressed = false;             // the body is gzip, for a client that takes it
    std::shared_ptr<EventStream> events{};  // what follows instead of a body; null otherwise
};

// What the routes show.
struct Site {
    const ReportView& view;
    LivePage& page;
    // Their names are pseudonyms, which are personal data, so not for a network.
    bool shows_devices = true;
};

// The routes of the endpoint, without any network: one request in, one response out. A HEAD is
// answered like its GET; who sends it leaves the body out.
Response respond(const Request& request, const Site& site);

// The path of a target, without its query.
std::string_view path_of(std::string_view target);

// A response that only says what is wrong.
Response refuse(unsigned status, std::string_view text);

}  // namespace gateway::status
