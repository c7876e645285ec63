#pragma once
#include "drivers/driver.hpp"
#include "drivers/serial/depot_errands.hpp"
#include "drivers/serial/frame_reader.hpp"
#include "drivers/serial/poll_schedule.hpp"
#include "drivers/serial/station.hpp"
#include "drivers/serial/turn.hpp"
#include "drivers/serial/update_side.hpp"
#include "drivers/surroundings.hpp"
#include "drivers/update/no_depot.hpp"
#include "gateway/runtime/condition.hpp"
#include "gateway/runtime/task_group.hpp"
#include "gateway/settings/settings.hpp"

#include <boost/asio/serial_port.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drivers::serial {

// Nodes on a serial line: one, or several on a bus that take turns. An acknowledgement leaves after
// the commit of its message; README.md has the whole contract. On the reactor.
class SerialDriver final : public Driver {
  public:
    // A device that is not there, or gone, is tried again after this long, which doubles.
    static constexpr std::chrono::seconds kReopenMin{1};
    static constexpr std::chrono::seconds kReopenMax{30};
    // How long a stop waits for what is in progress.
    static constexpr std::chrono::seconds kStopMax{5};

    SerialDriver(const gateway::settings::Source& source, Surroundings around);
    ~SerialDriver() override;

    gateway::model::Result<void> start() override;
    boost::asio::awaitable<void> stop() override;
    DriverState state() const override;

  private:
    struct Submitted {
        Station::Ticket ticket;
        gateway::model::Decoded<gateway::ingest::Pending> pending;
    };

    boost::asio::awaitable<void> stay_open();
    bool open();
    void close();
    boost::asio::awaitable<void> read();
    void take(std::string_view bytes);
    void store(Station::Message message);
    boost::asio::awaitable<void> settle();
    void conclude(
        const Station::Ticket& ticket,
        const gateway::model::Decoded<gateway::ingest::Receipt>& receipt
    );
    void tidy_memory();
    void ask_depot();
    boost::asio::awaitable<void> ask_depot(UpdateSide::Question question);
    boost::asio::awaitable<void> release(Station::Release release);
    boost::asio::awaitable<void> forget(std::string session);

    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<void> serve_line();
    boost::asio::awaitable<void> serve_bus();
    boost::asio::awaitable<void> send_replies();
    boost::asio::awaitable<void> send_update();
    boost::asio::awaitable<void> take_turn(std::uint8_t address);
    boost::asio::awaitable<void> write(std::string bytes);

    void note_opened();
    void note_closed(const boost::system::error_code& why);

    const gateway::settings::SerialPort settings_;
    const std::string name_;
    Surroundings around_;
    UpdateSide updates_;
    update::NoDepot no_depot_;
    DepotErrands errands_;
    Station station_;
    FrameReader reader_;
    PollSchedule schedule_;
    Turn turn_;
    boost::asio::serial_port port_;
    std::chrono::steady_clock::time_point written_until_{};  // bytes of before are leaving
    std::array<char, 1024> received_{};
    std::deque<Submitted> submitted_;  // at most Node::kUnderWayMax a node
    bool is_settling_ = false;
    bool is_reading_ = false;
    bool is_stopping_ = false;
    std::string trouble_;  // why the device is not open
    std::uint64_t frames_ = 0;
    gateway::runtime::Condition changed_;  // something to say, or said; the turn, or the port
    gateway::runtime::TaskGroup tasks_;
};

}  // namespace drivers::serial
