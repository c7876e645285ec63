#include "gateway/app.hpp"

#include "drivers/catalogue.hpp"
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/anonymise/plain_keys.hpp"
#include "gateway/buffer/outbox.hpp"
#include "gateway/forgetting.hpp"
#include "gateway/forward/forwarder.hpp"
#include "gateway/forward/uplink_catalogue.hpp"
#include "gateway/key_protection.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/lookout.hpp"
#include "gateway/model/message.hpp"
#include "gateway/overview.hpp"
#include "gateway/people.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/quarantine/sealed_files.hpp"
#include "gateway/quarantine/vault.hpp"
#include "gateway/quarantine_report.hpp"
#include "gateway/runtime/service_notify.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/status/status_server.hpp"
#include "gateway/store_problems.hpp"
#include "gateway/subject_control.hpp"
#include "gateway/sum_source.hpp"
#include "gateway/sums.hpp"
#include "gateway/timekeeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/rand.h>

#include <array>
#include <csignal>
#include <cstring>
#include <memory>

namespace gateway {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using language::tr;

constexpr std::chrono::seconds kStartRetry{10};  // for a port or a file that is not free yet
constexpr std::chrono::seconds kStopMax{
    30};  // an orderly stop takes no longer; what is acknowledged is safe

std::string random_text(std::size_t size) {
    std::string text(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(size)) != 1) {
        throw std::runtime_error("the system gives no random numbers");
    }
    return text;
}

std::uint64_t random_number() {
    std::uint64_t number = 0;
    std::memcpy(&number, random_text(sizeof number).data(), sizeof number);
    return number;
}

// The gateway while it runs. Members are in the order of their dependence: each uses only those
// before it.
class App {
  public:
    App(const settings::Settings& settings, observe::Log& log) : settings_(settings), log_(log) {}

    int run(const std::function<boost::system::error_code()>& on_running);

  private:
    bool open();
    bool open_keys();
    bool open_pipeline();
    bool open_consents();
    bool open_vault();
    void tell_running(const std::function<boost::system::error_code()>& on_running);
    void report_notice(const buffer::Notice& notice);
    bool refuse(std::string_view event, const std::string& text, int status);
    bool refuse_keys(const boost::system::error_code& why);
    bool make_sums();
    void make_ways_out();
    void make_drivers();
    asio::awaitable<void> live();
    asio::awaitable<void> start_driver(std::size_t position);
    asio::awaitable<void> start_status();
    asio::awaitable<void> await_stop();
    asio::awaitable<void> stop_in_order();
    asio::awaitable<void> give_up();
    void stop_with(int status);
    void on_task_failure(const std::exception_ptr& failure);

    const settings::Settings& settings_;
    const settings::Settings whole_{with_sums(settings_)};  // what buffer and pipeline know of
    observe::Log& log_;
    int exit_status_ = kExitStopped;
    asio::io_context reactor_{1};
    asio::signal_set signals_{reactor_, SIGTERM, SIGINT};
    Timekeeper timekeeper_{settings_, log_};
    const runtime::WallClock& clock_{timekeeper_.clock()};
    // The storage thread uses what stands before it.
    const std::string key_directory_{settings_.gateway.state_directory + "/keys"};
    std::unique_ptr<anonymise::KeyWrap> key_wrap_;  // null: the keys lie there as they are
    std::optional<anonymise::KeyDirectory> keys_;
    std::optional<anonymise::KeyRingDirectory> segment_keys_;
    People people_{settings_, key_directory_};
    Lookout lookout_{settings_.gateway.state_directory, clock_, log_};
    runtime::WorkerThread storage_{"storage"};
    runtime::TaskGroup tasks_{
        reactor_.get_executor(), [this](std::exception_ptr f) { on_task_failure(f); }};
    runtime::TaskGroup forwarding_{
        reactor_.get_executor(), [this](std::exception_ptr f) { on_task_failure(f); }};
    std::unique_ptr<quarantine::Vault> vault_;  // null: nothing of what is refused is kept
    std::unique_ptr<buffer::Outbox> outbox_;
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<Sums> sums_;
    std::vector<WayOut> ways_out_;
    std::vector<std::unique_ptr<drivers::Driver>> drivers_;
    std::unique_ptr<Overview> overview_;
    std::unique_ptr<SubjectControl> control_;
    std::unique_ptr<status::StatusServer> status_;
};

int App::run(const std::function<boost::system::error_code()>& on_running) {
    const bool is_open =
        open_keys() && open() && open_pipeline() && open_consents() && open_vault() && make_sums();
    if (!is_open) return exit_status_;
    tell_running(on_running);
    make_ways_out();
    make_drivers();
    const Parts parts{
        *outbox_,
        *pipeline_,
        drivers_,
        ways_out_,
        people_.gate(),
        *sums_,
        lookout_.history(),
        vault_.get()};
    overview_ = std::make_unique<Overview>(settings_, parts, log_, timekeeper_);
    const SubjectControl::Surroundings around{whole_, clock_, log_};
    control_ = std::make_unique<SubjectControl>(people_, *pipeline_, *outbox_, around);
    status_ = std::make_unique<status::StatusServer>(
        reactor_.get_executor(), settings_.status, *overview_, log_, control_.get()
    );
    asio::co_spawn(reactor_, live(), [this](std::exception_ptr failure) {
        if (failure) on_task_failure(failure);
        reactor_.stop();
    });
    reactor_.run();
    return exit_status_;
}

// Opens what readings need; without it nothing could be acknowledged.
bool App::open() {
    buffer::Outbox::Environment environment{
        reactor_.get_executor(), storage_, clock_, {}, timekeeper_.boot_date()};
    environment.on_failure = [this](const boost::system::error_code& why) {
        log_.error("store-failed", tr("The buffer failed: {0}", {why.message()}));
        stop_with(kExitStore);
    };
    environment.segment_keys = &*segment_keys_;
    environment.on_notice = [this](const buffer::Notice& notice) { report_notice(notice); };
    auto outbox = buffer::Outbox::open(std::move(environment), whole_);
    if (!outbox) {
        const auto text = unusable_store_words(settings_, outbox.error());
        return refuse("store-unusable", text, kExitStore);
    }
    outbox_ = std::move(*outbox);
    return true;
}

// First of all: what fails here leaves no trace of a gateway that has run.
bool App::open_keys() {
    auto wrap = make_key_wrap(settings_);
    if (!wrap) return refuse("key-protection", wrap.error(), kExitConfiguration);
    key_wrap_ = std::move(*wrap);
    keys_.emplace(key_directory_, key_wrap_.get());
    segment_keys_ = anonymise::segment_keys(key_directory_, key_wrap_.get());
    if (key_wrap_ == nullptr) return true;
    const auto wrapped = anonymise::wrap_plain_keys(key_directory_, *key_wrap_);
    return wrapped ? true : refuse_keys(wrapped.error());
}

bool App::open_pipeline() {
    pipeline_ = std::make_unique<Pipeline>(whole_, *outbox_, *keys_, clock_, random_text(16));
    if (const auto prepared = pipeline_->prepare(); !prepared) return refuse_keys(prepared.error());
    return true;
}

bool App::refuse_keys(const boost::system::error_code& why) {
    const auto text =
        tr("The pseudonym keys below {0} cannot be read or made: {1}",
           {settings_.gateway.state_directory, why.message()});
    return refuse("keys-unusable", text, kExitStore);
}

// Without the ledger nobody knows whose readings may be stored.
bool App::open_consents() {
    people_.use(key_wrap_.get());
    const auto opened = people_.open(*keys_);
    if (!opened) return refuse("consents-unusable", opened.error(), kExitStore);
    pipeline_->ask_at(people_.gate());
    return true;
}

bool App::open_vault() {
    auto vault = open_quarantine(reactor_.get_executor(), clock_, settings_, log_);
    if (!vault) return refuse("quarantine-unusable", vault.error(), kExitStore);
    vault_ = std::move(*vault);
    if (vault_) pipeline_->keep_rejects(*vault_);
    return true;
}

// What ran last is what a looser configuration is compared with.
void App::tell_running(const std::function<boost::system::error_code()>& on_running) {
    const auto failure = on_running();
    if (!failure) return;
    log_.warning(
        "configuration-not-kept",
        tr("The configuration cannot be remembered below {0}: {1}. The next one is compared with "
           "an older one.",
           {settings_.gateway.state_directory, failure.message()})
    );
}

void App::report_notice(const buffer::Notice& notice) {
    const std::array<observe::Field, 1> fields{observe::Field{"detail", notice.detail}};
    log_.write(
        observe::Level::warning, notice.code, tr("The buffer is not as it was left."), fields
    );
}

// False, for the caller to give on.
bool App::refuse(std::string_view event, const std::string& text, int status) {
    log_.error(event, text);
    exit_status_ = status;
    return false;
}

// A sum that cannot be as it is configured would suppress everything, or tell too much.
bool App::make_sums() {
    auto sums = Sums::make(
        {reactor_.get_executor(),
         clock_,
         log_,
         *pipeline_,
         *pipeline_,
         *keys_,
         key_wrap_.get(),
         settings_.gateway.state_directory},
        settings_,
        Sums::inputs_of(settings_, *outbox_)
    );
    if (!sums) return refuse("sums-unusable", sums.error(), kExitConfiguration);
    sums_ = std::move(*sums);
    return true;
}

void App::make_ways_out() {
    for (std::size_t i = 0; i < settings_.uplinks.size(); ++i) {
        const auto& uplink = settings_.uplinks[i];
        WayOut way_out;
        way_out.queues = outbox_->queues(static_cast<buffer::UplinkId>(i));
        way_out.forwarder = std::make_unique<forward::Forwarder>(
            forward::Forwarder::Environment{reactor_.get_executor(), clock_, log_, random_number()},
            uplink,
            forward::Forwarder::Terms{settings_.datasets, *keys_},
            forward::make_uplink(uplink, settings_.gateway),
            way_out.queues
        );
        ways_out_.push_back(std::move(way_out));
    }
}

void App::make_drivers() {
    for (std::size_t i = 0; i < settings_.sources.size(); ++i) {
        drivers_.push_back(drivers::make_driver(
            settings_.sources[i],
            drivers::Surroundings{
                static_cast<model::SourceId>(i),
                *pipeline_,
                *pipeline_,
                reactor_.get_executor(),
                clock_,
                log_}
        ));
    }
}

asio::awaitable<void> App::live() {
    tasks_.spawn(start_status());
    for (std::size_t i = 0; i < drivers_.size(); ++i) tasks_.spawn(start_driver(i));
    for (auto& way_out : ways_out_) forwarding_.spawn(way_out.forwarder->run());
    forwarding_.spawn(sums_->run());
    tasks_.spawn(timekeeper_.run(*outbox_, storage_));
    tasks_.spawn(lookout_.run(*overview_, storage_));
    tasks_.spawn(forget_frames(*pipeline_));
    if (vault_) tasks_.spawn(vault_->run());
    tasks_.spawn(runtime::keep_watchdog_alive());
    runtime::notify_ready();
    log_.info("started", tr("The gateway is running."));
    co_await await_stop();
    runtime::notify_stopping();
    log_.info("stopping", tr("The gateway is stopping: what is acknowledged is being stored."));
    co_await (stop_in_order() || give_up());
}

// A port that is taken or a file that is missing today may be there later: the rest of the gateway
// works meanwhile, and the status page says what is wrong.
asio::awaitable<void> App::start_driver(std::size_t position) {
    asio::steady_timer retry(reactor_);
    while (true) {
        const auto started = drivers_[position]->start();
        if (started) co_return;
        log_.error(
            "source-not-started",
            tr("Source {0} cannot start: {1}",
               {settings_.sources[position].name, started.error().message()})
        );
        retry.expires_after(kStartRetry);
        co_await retry.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> App::start_status() {
    asio::steady_timer retry(reactor_);
    while (!status_->start()) {
        retry.expires_after(kStartRetry);
        co_await retry.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<void> App::await_stop() {
    if (exit_status_ != kExitStopped) co_return;
    boost::system::error_code ignored;
    co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

// Against the flow: nothing more comes in, what came in is committed and acknowledged, then the
// ways out end.
asio::awaitable<void> App::stop_in_order() {
    for (auto& driver : drivers_) co_await driver->stop();
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
    if (exit_status_ == kExitStopped) exit_status_ = status;
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

}  // namespace

int run_gateway(
    const settings::Settings& settings,
    observe::Log& log,
    const std::function<boost::system::error_code()>& on_running
) {
    App app(settings, log);
    return app.run(on_running);
}

}  // namespace gateway
