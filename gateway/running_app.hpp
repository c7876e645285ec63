#pragma once
#include "gateway/anonymise/key_ring.hpp"
#include "gateway/anonymise/key_store.hpp"
#include "gateway/app.hpp"
#include "gateway/buffer/notice.hpp"
#include "gateway/buffer/outbox.hpp"
#include "gateway/configuration_control.hpp"
#include "gateway/firmware/firmware_desk.hpp"
#include "gateway/firmware_control.hpp"
#include "gateway/lookout.hpp"
#include "gateway/overview.hpp"
#include "gateway/people.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/quarantine/vault.hpp"
#include "gateway/reconfiguration.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/runtime/worker_thread.hpp"
#include "gateway/status/status_server.hpp"
#include "gateway/subject_control.hpp"
#include "gateway/sums.hpp"
#include "gateway/tail_control.hpp"
#include "gateway/timekeeper.hpp"
#include "gateway/ways_in.hpp"
#include "gateway/ways_out.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

// The gateway while it runs on one configuration. Members are in the order of their dependence:
// each uses only those before it.
class App {
  public:
    App(Reconfiguration& reconfiguration, observe::Log& log)
        : reconfiguration_(reconfiguration), log_(log) {}

    Ending run();

  private:
    bool open();
    bool open_keys();
    bool open_pipeline();
    bool open_consents();
    bool open_vault();
    void report_notice(const buffer::Notice& notice);
    bool refuse(std::string_view event, const std::string& text, int status);
    bool refuse_keys(const boost::system::error_code& why);
    bool make_sums();
    void open_firmware();
    void make_ways();
    void make_desks();
    boost::asio::awaitable<void> live();
    void start();
    boost::asio::awaitable<void> follow_orders();
    boost::asio::awaitable<void> pass_order();
    boost::asio::awaitable<void> exchange();
    boost::asio::awaitable<void> await_stop();
    boost::asio::awaitable<void> stop_in_order();
    boost::asio::awaitable<void> give_up();
    void stop_with(int status);
    void on_task_failure(const std::exception_ptr& failure);

    Reconfiguration& reconfiguration_;
    observe::Log& log_;
    settings::Settings settings_{reconfiguration_.running().settings};
    const settings::Settings whole_{reconfiguration_.kept()};  // what buffer and pipeline know of
    Ending ending_;
    bool is_ordered_ = false;
    boost::asio::io_context reactor_{1};
    boost::asio::signal_set signals_{reactor_, SIGTERM, SIGINT};
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
    status::Tail tail_{reactor_.get_executor(), clock_};
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<Sums> sums_;
    std::unique_ptr<firmware::FirmwareDesk> firmware_;  // null: no key that updates are signed with
    std::unique_ptr<WaysOut> ways_out_;
    std::unique_ptr<WaysIn> ways_in_;
    std::unique_ptr<Overview> overview_;
    std::unique_ptr<SubjectControl> subject_control_;
    std::unique_ptr<TailControl> tail_control_;
    std::unique_ptr<ConfigurationControl> configuration_control_;
    std::unique_ptr<FirmwareControl> control_;
    std::unique_ptr<status::StatusServer> status_;
};

}  // namespace gateway
