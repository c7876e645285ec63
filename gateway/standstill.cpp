#include "gateway/standstill.hpp"

#include "gateway/control_response.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/observe/history.hpp"
#include "gateway/observe/problems.hpp"
#include "gateway/rollout/messages.hpp"
#include "gateway/runtime/service_notify.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/status/control.hpp"
#include "gateway/status/html.hpp"
#include "gateway/status/page_pieces.hpp"
#include "gateway/status/report_view.hpp"
#include "gateway/status/status_server.hpp"
#include "gateway/timekeeper.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>

namespace gateway {

namespace asio = boost::asio;
using cli::Standstill;
using language::tr;

namespace {

// Who it is, where the configuration does not say.
constexpr const char* kNameless = "passerelle";

// What can be told of a gateway that stands still.
class StillView final : public status::ReportView {
  public:
    StillView(const settings::Settings& readable, const Timekeeper& timekeeper, observe::Log& log)
        : gateway_(readable.gateway),
          clock_(timekeeper.clock()),
          problems_(log, clock_),
          history_(clock_),
          since_(clock_.since_boot()),
          notice_(make_notice()) {}

    void raise(const Standstill& standstill) {
        problems_.raise(standstill.code, standstill.text, true);
    }

    observe::Report report() const override {
        observe::Report report;
        report.gateway = gateway_.id.empty() ? kNameless : gateway_.id;
        report.city = gateway_.city;
        report.version = PASSERELLE_VERSION;
        report.uptime_s = uptime_s();
        report.running = false;
        report.problems = problems_.list();
        report.clock.now = clock_.now();
        report.clock.system = clock_.system_now();
        report.clock.floor = clock_.floor();
        report.clock.synchronised = clock_.is_synchronised();
        report.clock.trusted = clock_.is_trusted();
        report.clock.source = clock_.source();
        return report;
    }

    observe::DevicesReport devices(const observe::DeviceQuery& /*query*/) const override {
        observe::DevicesReport report;
        report.uptime_s = uptime_s();
        return report;
    }

    const observe::History& history() const override { return history_; }
    std::string_view notice() const override { return notice_; }

  private:
    static std::string make_notice() {
        const std::string text =
            tr("Nothing is measured here now: the gateway stands still. What it measures when it "
               "runs is told here then.");
        return status::open_document("Passerelle", {}, {}) + "<body>\n" +
               status::element("p", text) + "\n</body>\n</html>\n";
    }

    std::int64_t uptime_s() const {
        return std::chrono::floor<std::chrono::seconds>(clock_.since_boot() - since_).count();
    }

    const settings::Gateway gateway_;
    const runtime::TrustedClock& clock_;
    observe::Problems problems_;
    observe::History history_;
    runtime::WallClock::Duration since_;  // since the boot
    const std::string notice_;
};

// Where there is no good configuration at work there is nothing that a trial could return to.
class StillControl final : public status::Control {
  public:
    explicit StillControl(const Standstill& standstill) : standstill_(standstill) {}

    status::Standing needed(std::string_view /*path*/) const override {
        return status::Standing::technician;
    }

    asio::awaitable<status::Response> answer(std::string /*path*/, std::string /*body*/) override {
        constexpr unsigned kConflict = 409;
        const std::string text =
            tr("The gateway stands still, and nothing can be tried or asked of it. {0} To run "
               "another configuration, put it in the place of the file; systemctl restart "
               "passerelle takes it at once.",
               {standstill_.text});
        const rollout::Refusal refusal(kConflict, rollout::kStandsStill, text);
        co_return refuse(refusal);
    }

  private:
    const Standstill& standstill_;
};

class StillGateway {
  public:
    StillGateway(const Standstill& standstill, observe::Log& log)
        : standstill_(standstill), log_(log) {
        view_.raise(standstill);
    }

    bool run() {
        tasks_.spawn(server_.keep_starting());
        tasks_.spawn(runtime::keep_watchdog_alive());
        tasks_.spawn(look());
        asio::co_spawn(reactor_, live(), [this](const std::exception_ptr& failure) {
            if (failure) failure_ = failure;
            reactor_.stop();
        });
        runtime::notify_status(standstill_.text);
        runtime::notify_ready();
        reactor_.run();
        if (failure_) std::rethrow_exception(failure_);
        runtime::notify_status({});
        return is_worth_a_try_ && !is_asked_to_stop();
    }

  private:
    asio::awaitable<void> live() {
        boost::system::error_code cancelled;
        co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        if (!cancelled) is_worth_a_try_ = false;
        if (is_worth_a_try_) {
            runtime::notify_reloading();
        } else {
            runtime::notify_stopping();
        }
        co_await tasks_.close();
        co_await server_.stop();
    }

    // Disks may hang, so not on the reactor.
    asio::awaitable<void> look() {
        asio::steady_timer timer(reactor_);
        auto ask = [this] { return standstill_.is_worth_a_try(); };
        while (!is_worth_a_try_) {
            timer.expires_after(Standstill::kLookInterval);
            co_await timer.async_wait(asio::use_awaitable);
            timekeeper_.watch();
            is_worth_a_try_ = co_await disk_.run(ask);
        }
        signals_.cancel();
    }

    void on_task_failure(const std::exception_ptr& failure) {
        failure_ = failure;
        reactor_.stop();
    }

    // By a signal that came while it was on its way out.
    bool is_asked_to_stop() {
        bool is_asked = false;
        signals_.async_wait([&](const boost::system::error_code& failure, int) {
            is_asked = !failure;
        });
        reactor_.restart();
        reactor_.poll();
        signals_.cancel();
        reactor_.poll();
        return is_asked;
    }

    const Standstill& standstill_;
    observe::Log& log_;
    asio::io_context reactor_{1};
    asio::signal_set signals_{reactor_, SIGTERM, SIGINT};
    bool is_worth_a_try_ = false;
    std::exception_ptr failure_;
    runtime::WorkerThread disk_{"look"};
    Timekeeper timekeeper_{standstill_.readable, log_};
    StillView view_{standstill_.readable, timekeeper_, log_};
    StillControl control_{standstill_};
    status::StatusServer server_{
        reactor_.get_executor(), standstill_.readable.status, view_, log_, &control_};
    runtime::TaskGroup tasks_{
        reactor_.get_executor(), [this](std::exception_ptr f) { on_task_failure(f); }};
};

}  // namespace

bool stand_still(const Standstill& standstill, observe::Log& log) {
    return StillGateway(standstill, log).run();
}

}  // namespace gateway
