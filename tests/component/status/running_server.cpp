#include "tests/component/status/running_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>

namespace tests::status {

gateway::observe::Report SampleView::report() const {
    gateway::observe::Report report = sample_report();
    report.buffer.able_to_store = able_to_store;
    return report;
}

gateway::observe::DevicesReport SampleView::devices(const gateway::observe::DeviceQuery& /*query*/
) const {
    return sample_devices();
}

RunningServer::RunningServer(gateway::settings::Status settings)
    : server_(reactor_.get_executor(), settings, view, log) {
    const auto started = server_.start();
    if (!started) throw std::runtime_error(started.error().message());
    thread_ = std::thread([this] { reactor_.run(); });
}

RunningServer::~RunningServer() {
    if (thread_.joinable()) stop();
}

std::string RunningServer::url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string{path};
}

std::chrono::milliseconds RunningServer::stop() {
    const auto start = std::chrono::steady_clock::now();
    boost::asio::co_spawn(reactor_, server_.stop(), boost::asio::use_future).get();
    work_.reset();
    thread_.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - start
    );
}

}  // namespace tests::status
