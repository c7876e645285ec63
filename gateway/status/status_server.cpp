#include "gateway/status/status_server.hpp"

#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/runtime/system_group.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/status/control.hpp"
#include "gateway/status/host_check.hpp"
#include "gateway/status/http_listener.hpp"
#include "gateway/status/listening_socket.hpp"
#include "gateway/status/site.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>

namespace gateway::status {

namespace asio = boost::asio;
using language::tr;

namespace {

constexpr std::chrono::seconds kStartRetry{10};

// The name itself is not repeated: it may be anything.
constexpr std::string_view kForeignHost =
    "this host name is not served here: ask by the configured address, by localhost, or write the "
    "name into hosts of [status]";

}  // namespace

StatusServer::StatusServer(
    asio::any_io_executor executor,
    const settings::Status& settings,
    const ReportView& view,
    observe::Log& log,
    Control* control
)
    : executor_(std::move(executor)),
      settings_(settings),
      view_(view),
      page_(executor_, view),
      log_(log),
      control_(control),
      tasks_(executor_, [this](const std::exception_ptr&) {
          log_.error("status-failed", tr("a connection to the status endpoint failed"));
      }) {}

StatusServer::~StatusServer() = default;

model::Result<void> StatusServer::start() {
    model::Result<void> result = listen_tcp();
    if (result) result = listen_unix();
    if (!result) {
        listeners_.clear();
        return result;
    }
    for (const auto& listener : listeners_) tasks_.spawn(listener->run());
    if (!listeners_.empty()) tasks_.spawn(page_.run());
    return result;
}

asio::awaitable<void> StatusServer::keep_starting() {
    asio::steady_timer retry(executor_);
    while (!start()) {
        retry.expires_after(kStartRetry);
        co_await retry.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> StatusServer::stop() {
    co_await tasks_.close();
    listeners_.clear();
    port_ = 0;
    if (owns_socket_file_) unlink(settings_.socket.c_str());
    owns_socket_file_ = false;
}

model::Result<void> StatusServer::listen_tcp() {
    if (settings_.listen.empty()) return {};
    const auto endpoint = parse_listen(settings_.listen);
    auto socket = endpoint ? listen_on_tcp(executor_, *endpoint)
                           : model::Result<ListeningSocket>{endpoint.error()};
    if (!socket) {
        report_failure(settings_.listen, socket.error());
        return socket.error();
    }
    is_exposed_ = !endpoint->address().is_loopback();
    if (is_exposed_) {
        log_.warning(
            "status-exposed",
            tr("the status endpoint listens on the network: everyone who reaches it can read it")
        );
    }
    asio::ip::tcp::endpoint bound;
    const auto local = socket->local_endpoint();
    bound.resize(local.size());
    std::memcpy(bound.data(), local.data(), local.size());
    port_ = bound.port();
    auto handler = [this](const Request& request) { return respond_on_tcp(request); };
    listeners_.push_back(
        std::make_unique<HttpListener>(std::move(*socket), std::move(handler), tasks_, log_)
    );
    return {};
}

model::Result<void> StatusServer::listen_unix() {
    if (settings_.socket.empty()) return {};
    auto socket = listen_on_unix(executor_, settings_.socket);
    if (!socket) {
        report_failure(settings_.socket, socket.error());
        return socket.error();
    }
    owns_socket_file_ = true;
    auto handler = [this](const Request& request) { return respond(request, site()); };
    listeners_.push_back(std::make_unique<HttpListener>(
        std::move(*socket),
        std::move(handler),
        tasks_,
        log_,
        GuardedControl{control_, let_group_in()}
    ));
    return {};
}

// The group whose members may control; the socket is theirs then, as it was the gateway's own
// group's before.
std::optional<gid_t> StatusServer::let_group_in() {
    const std::string& name = settings_.group;
    if (name.empty()) return std::nullopt;
    const auto group = runtime::find_group(name);
    if (!group) {
        log_.error(
            "status-group-unknown",
            tr("There is no group {0}: only root and the gateway's own user may use what changes "
               "something.",
               {name})
        );
    } else if (::lchown(settings_.socket.c_str(), static_cast<uid_t>(-1), *group) != 0) {
        log_.error(
            "status-group-not-set",
            tr("The status socket cannot be given to the group {0}, whose members cannot connect: "
               "the user that the gateway runs as must be one of them.",
               {name})
        );
    }
    return group;
}

void StatusServer::report_failure(
    const std::string& where, const boost::system::error_code& failure
) {
    const std::string reason = language::failure_words(failure);
    const std::array<observe::Field, 2> fields{
        observe::Field{"listen", where}, observe::Field{"reason", reason}};
    log_.write(
        observe::Level::error,
        "status-listen-failed",
        tr("the status endpoint cannot listen where it is configured to"),
        fields
    );
}

Response StatusServer::respond_on_tcp(const Request& request) {
    const std::string_view own = host_of(settings_.listen);
    if (request.host && !is_own_host(*request.host, own, settings_.hosts))
        return refuse(421, kForeignHost);
    if (request.origin && !is_own_origin(*request.origin, own, settings_.hosts))
        return refuse(403, "pages from elsewhere may not read this");
    Site shown = site();
    // A name of `hosts` is that of a proxy, behind which there may be a network.
    shown.shows_devices = !is_exposed_ && (!request.host || is_own_host(*request.host, own));
    return respond(request, shown);
}

Site StatusServer::site() {
    return {view_, page_};
}

}  // namespace gateway::status
