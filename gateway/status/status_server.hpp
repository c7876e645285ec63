#pragma once
#include "gateway/model/result.hpp"
#include "gateway/observe/log.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/status/live_page.hpp"
#include "gateway/status/report_view.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::status {

class Control;
class HttpListener;
struct Request;
struct Response;
struct Site;

// The status endpoint: the same routes (README.md) on a TCP address and on a unix socket, each of
// which may be left out. Read-only, but for what `control` answers on the unix socket alone, to
// root, the gateway's own user and, as far as it lets them, members of the settings' group.
// Belongs to the reactor, where `view` is asked for every answer; view, log and control outlive it.
class StatusServer {
  public:
    StatusServer(
        boost::asio::any_io_executor executor,
        const settings::Status& settings,
        const ReportView& view,
        observe::Log& log,
        Control* control = nullptr
    );
    ~StatusServer();
    StatusServer(const StatusServer&) = delete;
    StatusServer& operator=(const StatusServer&) = delete;

    // Listens, or says why not (and logs where): then nothing is open and it may be tried again.
    model::Result<void> start();

    // The same as often as it takes, for a port or a file that is not free yet.
    boost::asio::awaitable<void> keep_starting();

    // Ends every connection, then removes the unix socket. Must have returned before destruction
    // when start() succeeded.
    boost::asio::awaitable<void> stop();

    // The TCP port it listens on; 0 when it does not.
    std::uint16_t port() const { return port_; }

  private:
    model::Result<void> listen_tcp();
    model::Result<void> listen_unix();
    std::optional<gid_t> let_group_in();
    void report_failure(const std::string& where, const boost::system::error_code& failure);
    Response respond_on_tcp(const Request& request);
    Site site();

    boost::asio::any_io_executor executor_;
    const settings::Status settings_;
    const ReportView& view_;
    LivePage page_;
    observe::Log& log_;
    Control* control_;
    runtime::TaskGroup tasks_;
    std::vector<std::unique_ptr<HttpListener>> listeners_;
    std::uint16_t port_ = 0;
    bool owns_socket_file_ = false;
    bool is_exposed_ = false;  // on a network
};

}  // namespace gateway::status
