#include "gateway/app.hpp"

#include "gateway/forgetting.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/reconfiguration_check.hpp"
#include "gateway/running_app.hpp"
#include "gateway/runtime/service_notify.hpp"
#include "gateway/settings/changes.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace gateway {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using language::tr;

namespace {

constexpr std::chrono::seconds kStopMax{
    30};  // an orderly stop takes no longer; what is acknowledged is safe
// Who ordered another configuration has the answer before anything stops.
constexpr std::chrono::milliseconds kOrderDelay{100};

}  // namespace

Ending App::run() {
    ending_.could_open =
        open_keys() && open() && open_pipeline() && open_consents() && open_vault() && make_sums();
    if (!ending_.could_open) return ending_;
    reconfiguration_.has_opened();
    open_firmware();
    make_ways();
    make_desks();
    asio::co_spawn(reactor_, live(), [this](std::exception_ptr failure) {
        if (failure) on_task_failure(failure);
        reactor_.stop();
    });
    reactor_.run();
    reconfiguration_.on_order({});
    reconfiguration_.finish_work();
    return ending_;
}

void App::make_ways() {
    ways_out_ = std::make_unique<WaysOut>(
        WaysOut::Environment{reactor_.get_executor(), clock_, log_, *keys_, *outbox_}, settings_
    );
    ways_in_ = std::make_unique<WaysIn>(
        WaysIn::Environment{
            reactor_.get_executor(), clock_, log_, *pipeline_, tasks_, firmware_.get()},
        settings_
    );
}

// What an operator sees and asks.
void App::make_desks() {
    const Parts parts{
        *outbox_,
        *pipeline_,
        *ways_in_,
        *ways_out_,
        people_.gate(),
        *sums_,
        lookout_.history(),
        vault_.get(),
        firmware_.get()};
    overview_ = std::make_unique<Overview>(settings_, parts, log_, timekeeper_);
    const SubjectControl::Surroundings around{whole_, clock_, log_};
    subject_control_ = std::make_unique<SubjectControl>(people_, *pipeline_, *outbox_, around);
    tail_control_ = std::make_unique<TailControl>(tail_, settings_, *subject_control_);
    configuration_control_ =
        std::make_unique<ConfigurationControl>(reconfiguration_, *overview_, *tail_control_);
    control_ = std::make_unique<FirmwareControl>(firmware_.get(), *configuration_control_);
    status_ = std::make_unique<status::StatusServer>(
        reactor_.get_executor(), settings_.status, *overview_, log_, control_.get()
    );
}

asio::awaitable<void> App::live() {
    start();
    co_await follow_orders();
    lookout_.rest();
    if (ending_.is_for_next) {
        log_.info("changing", tr("Another configuration is put in place."));
    } else {
        runtime::notify_stopping();
        log_.info("stopping", tr("The gateway is stopping: what is acknowledged is being stored."));
    }
    co_await (stop_in_order() || give_up());
}

void App::start() {
    reconfiguration_.on_order([this] { tasks_.spawn(pass_order()); });
    tasks_.spawn(status_->keep_starting());
    ways_in_->start();
    ways_out_->start(forwarding_);
    forwarding_.spawn(sums_->run());
    tasks_.spawn(timekeeper_.run(*outbox_, storage_));
    tasks_.spawn(lookout_.run(*overview_, storage_));
    tasks_.spawn(reconfiguration_.watch(*overview_, overview_->problems()));
    tasks_.spawn(forget_frames(*pipeline_));
    if (vault_) tasks_.spawn(vault_->run());
    if (firmware_) tasks_.spawn(firmware_->keep_watch());
    tasks_.spawn(runtime::keep_watchdog_alive());
    reconfiguration_.has_started(overview_->report());
    runtime::notify_ready();
    log_.info("started", tr("The gateway is running."));
}

// Until the gateway is to stop, or to run what this App cannot become.
asio::awaitable<void> App::follow_orders() {
    while (true) {
        co_await await_stop();
        const bool is_failed = ending_.exit_status != kExitStopped;
        if (is_failed || !std::exchange(is_ordered_, false)) co_return;
        runtime::notify_reloading();
        const auto next = reconfiguration_.next();
        const Configuration& running = reconfiguration_.running();
        const auto sources = changed_names(running, *next, "source");
        ending_.is_for_next = reconfiguration_.needs_other_buffer() ||
                              !settings::are_only_ways(running.given.text, next->given.text) ||
                              !ways_in_->may_replace(sources.size());
        if (ending_.is_for_next) co_return;
        co_await exchange();
        runtime::notify_ready();
    }
}

asio::awaitable<void> App::pass_order() {
    asio::steady_timer timer(reactor_, kOrderDelay);
    co_await timer.async_wait(asio::use_awaitable);
    is_ordered_ = true;
    signals_.cancel();
}

// Connections and batches of what stays the same go on.
asio::awaitable<void> App::exchange() {
    const auto next = reconfiguration_.next();
    const auto uplinks = changed_names(reconfiguration_.running(), *next, "uplink");
    for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) {
        if (uplinks.contains(settings_.uplinks[i].name))
            co_await ways_out_->exchange(i, next->settings.uplinks[i]);
    }
    const auto sources = changed_names(reconfiguration_.running(), *next, "source");
    co_await ways_in_->exchange(next->settings.sources, sources);
    settings_.record = next->settings.record;
    overview_->has_exchanged(sources);
    reconfiguration_.has_exchanged(overview_->report());
    log_.info("configuration-changed", tr("Another configuration is in place."));
}

asio::awaitable<void> App::await_stop() {
    if (ending_.exit_status != kExitStopped || is_ordered_) co_return;
    boost::system::error_code cancelled;
    co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    // A signal that comes at the moment of an order is not for the order's sake forgotten.
    if (!cancelled) is_ordered_ = false;
}

// Against the flow: nothing more comes in, what came in is committed and acknowledged, then the
// ways out end.
asio::awaitable<void> App::stop_in_order() {
    co_await ways_in_->stop();
    pipeline_->close();
    if (vault_) co_await vault_->close();
    co_await forwarding_.close();
    co_await outbox_->close();
    co_await tasks_.close();
    co_await timekeeper_.save(storage_);
    co_await lookout_.save(storage_);
    co_await status_->stop();
}

asio::awaitable<void> App::give_up() {
    asio::steady_timer timer(reactor_, kStopMax);
    co_await timer.async_wait(asio::use_awaitable);
    log_.warning(
        "stop-took-too-long", tr("The gateway did not stop in time; what is acknowledged is safe.")
    );
}

void App::stop_with(int status) {
    if (ending_.exit_status == kExitStopped) ending_.exit_status = status;
    signals_.cancel();
}

void App::on_task_failure(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& error) {
        log_.error("internal-error", error.what());
    } catch (...) {
        log_.error("internal-error", tr("an error without a description"));
    }
    stop_with(kExitInternal);
}

Ending run_gateway(Reconfiguration& reconfiguration, observe::Log& log) {
    // Keeps a signal that comes between two Apps from ending the process by its default.
    asio::io_context between;
    asio::signal_set signals(between, SIGTERM, SIGINT);
    bool is_asked_to_stop = false;
    while (true) {
        App app(reconfiguration, log);
        between.poll();
        if (is_asked_to_stop) return {};
        Ending ending = app.run();
        const bool is_sound = ending.exit_status == kExitStopped;
        const bool may_go_on = !ending.could_open || (ending.is_for_next && is_sound);
        if (!may_go_on || !reconfiguration.goes_on(ending.could_open, ending.why)) return ending;
        between.restart();
        signals.cancel();
        signals.async_wait([&](const boost::system::error_code& failure, int) {
            is_asked_to_stop = is_asked_to_stop || !failure;
        });
    }
}

}  // namespace gateway
