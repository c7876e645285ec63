#pragma once
#include "gateway/observe/memory_log.hpp"
#include "gateway/status/status_server.hpp"
#include "tests/unit/status/sample_report.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <string>
#include <thread>

namespace tests::status {

// The sample report; whether the gateway is able to store may be changed while it is shown.
class SampleView final : public gateway::status::ReportView {
  public:
    gateway::observe::Report report() const override;
    gateway::observe::DevicesReport devices(const gateway::observe::DeviceQuery& query
    ) const override;
    const gateway::observe::History& history() const override { return past_.history; }
    std::string_view notice() const override { return "<p>Water is measured here.</p>"; }
    std::atomic<bool> able_to_store{true};

  private:
    SamplePast past_;
};

// A status server on a reactor of its own, from construction to destruction.
class RunningServer {
  public:
    explicit RunningServer(gateway::settings::Status settings);
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    std::uint16_t port() const { return server_.port(); }
    std::string url(std::string_view path) const;  // http://127.0.0.1:port/path

    // Ends it; how long that took.
    std::chrono::milliseconds stop();

    SampleView view;
    gateway::observe::MemoryLog log;

  private:
    boost::asio::io_context reactor_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        reactor_.get_executor()};
    gateway::status::StatusServer server_;
    std::thread thread_;
};

}  // namespace tests::status
