#include "drivers/serial/serial_driver.hpp"

#include "drivers/serial/line_state.hpp"
#include "drivers/serial/serial_port.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <random>
#include <utility>

namespace drivers::serial {

namespace asio = boost::asio;
namespace model = gateway::model;
namespace settings = gateway::settings;
using boost::system::error_code;
using gateway::language::tr;
using std::chrono::steady_clock;

namespace {

// Less than until a node's next turn, PollSchedule::kIntervalMin.
constexpr std::chrono::milliseconds kBusPatience{200};

// Replies that leave in one write.
constexpr std::size_t kRepliesAtOnceMax = 16;

std::vector<std::uint8_t> addresses_of(const settings::SerialPort& port) {
    std::vector<std::uint8_t> addresses;
    for (const auto& node : port.nodes) addresses.push_back(node.address);
    return addresses;
}

Station::Parts station_parts(
    const settings::SerialPort& port, const Surroundings& around, UpdateSide& updates
) {
    Station::Parts parts(updates);
    parts.settings = port;
    parts.held = [&memory = around.sessions](const std::string& session) {
        return memory.held(session);
    };
    parts.unix_ms = [&clock = around.clock]() -> std::uint64_t {
        if (!clock.is_trusted()) return 0;
        return static_cast<std::uint64_t>(clock.now().time_since_epoch().count());
    };
    // So that a session of an earlier run is not taken for one of this.
    parts.last_session = static_cast<std::uint16_t>(std::random_device{}());
    return parts;
}

// What a node is told of a message that can never be taken.
Refused refusal_of(model::Refusal cause) {
    return cause < model::Refusal::missing_field ? Refused::malformed : Refused::not_admitted;
}

}  // namespace

SerialDriver::SerialDriver(const settings::Source& source, Surroundings around)
    : settings_(std::get<settings::SerialPort>(source.driver)),
      name_(source.name),
      around_(around),
      updates_(settings_.baud),
      errands_(
          around.firmware == nullptr ? no_depot_ : *around.firmware, updates_, name_, settings_.bus
      ),
      station_(station_parts(settings_, around, updates_)),
      schedule_(addresses_of(settings_), steady_clock::now()),
      port_(around.reactor),
      changed_(around.reactor),
      tasks_(around.reactor, [this](std::exception_ptr) {
          around_.log.error("source-failed", tr("The serial driver stopped working."));
      }) {}

SerialDriver::~SerialDriver() = default;

// --- the device

model::Result<void> SerialDriver::start() {
    tasks_.spawn(stay_open());
    return {};
}

// A device that is unplugged comes back under its name.
asio::awaitable<void> SerialDriver::stay_open() {
    asio::steady_timer pause(around_.reactor);
    std::chrono::seconds wait = kReopenMin;
    while (!is_stopping_) {
        if (open()) {
            wait = kReopenMin;
            co_await serve();
        }
        pause.expires_after(wait);
        co_await pause.async_wait(asio::use_awaitable);
        wait = std::min(2 * wait, kReopenMax);
    }
}

// Until the device goes or the driver stops.
asio::awaitable<void> SerialDriver::serve() {
    tasks_.spawn(read());
    if (settings_.bus) {
        co_await serve_bus();
    } else {
        co_await serve_line();
    }
    close();
    while (is_reading_) co_await changed_.wait();
}

bool SerialDriver::open() {
    const auto opened = open_serial_port(settings_);
    if (!opened) {
        note_closed(opened.error());
        return false;
    }
    error_code failure;
    port_.assign(*opened, failure);
    if (failure) {
        note_closed(failure);
        return false;
    }
    reader_.begin_anew();
    is_reading_ = true;
    note_opened();
    return true;
}

void SerialDriver::close() {
    error_code ignored;
    port_.close(ignored);
}

void SerialDriver::note_opened() {
    trouble_.clear();
    const std::array<gateway::observe::Field, 1> fields{gateway::observe::Field{"source", name_}};
    around_.log.write(
        gateway::observe::Level::info,
        "serial-opened",
        tr("The serial device {0} is open.", {settings_.device}),
        fields
    );
}

void SerialDriver::note_closed(const error_code& why) {
    trouble_ = gateway::language::failure_words(why);
    const std::array<gateway::observe::Field, 1> fields{gateway::observe::Field{"source", name_}};
    around_.log.write(
        gateway::observe::Level::warning,
        "serial-closed",
        tr("The serial device {0} cannot be used: {1}. The gateway keeps trying.",
           {settings_.device, trouble_}),
        fields
    );
}

// --- what comes

asio::awaitable<void> SerialDriver::read() {
    error_code failure;
    while (!failure) {
        const std::size_t size = co_await port_.async_read_some(
            asio::buffer(received_), asio::redirect_error(asio::use_awaitable, failure)
        );
        if (!failure) take({received_.data(), size});
    }
    if (failure != asio::error::operation_aborted) note_closed(failure);
    is_reading_ = false;
    changed_.notify();
}

void SerialDriver::take(std::string_view bytes) {
    const auto now = steady_clock::now();
    turn_.on_bytes(bytes.size(), now);
    while (auto frame = reader_.next(bytes)) {
        turn_.on_frame(*frame);
        if (auto message = station_.receive(std::move(*frame), now)) store(std::move(*message));
    }
    tidy_memory();
    ask_depot();
    changed_.notify();
}

// The line decides who may send, not a proof of who it is: a node speaks for any device, as the
// payload says.
void SerialDriver::store(Station::Message message) {
    ++frames_;
    model::Frame frame(
        around_.id, "", std::move(message.node), std::move(message.payload), around_.clock.now()
    );
    frame.speaks_for_others = true;
    frame.mark = std::move(message.mark);
    // Of what is stored a node on a bus hears in its next turn, which comes at once after a full
    // one.
    if (settings_.bus && !turn_.is_full()) frame.patience = kBusPatience;
    submitted_.push_back({message.ticket, around_.sink.submit(std::move(frame))});
    if (is_settling_) return;
    is_settling_ = true;
    tasks_.spawn(settle());
}

asio::awaitable<void> SerialDriver::settle() {
    while (!submitted_.empty()) {
        Submitted next = std::move(submitted_.front());
        submitted_.pop_front();
        if (!next.pending) {
            conclude(next.ticket, next.pending.error());
            continue;
        }
        auto receipt = around_.sink.settled_already(*next.pending);
        if (!receipt) receipt = co_await around_.sink.settled(std::move(*next.pending));
        conclude(next.ticket, *receipt);
    }
    is_settling_ = false;
    changed_.notify();
}

void SerialDriver::conclude(
    const Station::Ticket& ticket, const model::Decoded<gateway::ingest::Receipt>& receipt
) {
    if (receipt) {
        station_.stored(ticket);
    } else if (model::is_temporary(receipt.error().cause)) {
        station_.postponed(ticket, steady_clock::now());
    } else {
        station_.refused(ticket, refusal_of(receipt.error().cause));
    }
    tidy_memory();
    changed_.notify();
}

void SerialDriver::tidy_memory() {
    for (auto& spare : station_.take_releases()) tasks_.spawn(release(std::move(spare)));
    for (auto& session : station_.take_forgotten()) tasks_.spawn(forget(std::move(session)));
}

// A mark that stays is released when the node introduces itself again, or forgotten with its
// session: neither is worth an error.
asio::awaitable<void> SerialDriver::release(Station::Release release) {
    static_cast<void>(co_await around_.sessions.release(std::move(release.session), release.mark));
}

asio::awaitable<void> SerialDriver::forget(std::string session) {
    static_cast<void>(co_await around_.sessions.forget(std::move(session)));
}

void SerialDriver::ask_depot() {
    while (auto question = updates_.next_question()) tasks_.spawn(ask_depot(std::move(*question)));
}

asio::awaitable<void> SerialDriver::ask_depot(UpdateSide::Question question) {
    co_await errands_.carry(std::move(question));
    ask_depot();
    changed_.notify();
}

// --- what is said

asio::awaitable<void> SerialDriver::serve_line() {
    while (is_reading_) {
        if (station_.has_reply()) {
            co_await send_replies();
        } else if (updates_.has_frame(steady_clock::now())) {
            co_await send_update();
        } else {
            co_await changed_.wait_until(updates_.due_at());
        }
    }
}

asio::awaitable<void> SerialDriver::serve_bus() {
    while (is_reading_ && !is_stopping_) {
        co_await send_replies();
        co_await send_update();
        const std::uint8_t address = schedule_.next(steady_clock::now());
        if (address != 0) {
            co_await take_turn(address);
        } else if (!station_.has_reply()) {
            co_await changed_.wait_until(std::min(schedule_.due_at(), updates_.due_at()));
        }
    }
}

asio::awaitable<void> SerialDriver::take_turn(std::uint8_t address) {
    const auto poll = encode(station_.poll(address, steady_clock::now()));
    const auto begins = std::max(steady_clock::now(), written_until_);
    turn_ = Turn(address, settings_.baud, poll.size(), begins);
    co_await write(poll);
    while (is_reading_ && !turn_.is_over(steady_clock::now()))
        co_await changed_.wait_until(turn_.deadline());
    if (turn_.is_babble()) station_.turnaways().count(Turnaway::babble);
    const auto outcome = turn_.outcome();
    station_.note_turn(address, outcome == PollSchedule::Turn::silent);
    schedule_.note(address, outcome, steady_clock::now());
    asio::steady_timer turnaround(around_.reactor, Turn::kTurnaround);
    co_await turnaround.async_wait(asio::use_awaitable);
}

asio::awaitable<void> SerialDriver::send_replies() {
    std::string bytes;
    for (std::size_t i = 0; i < kRepliesAtOnceMax; ++i) {
        const auto reply = station_.reply(steady_clock::now());
        if (!reply) break;
        bytes += encode(*reply);
    }
    if (bytes.empty()) co_return;
    co_await write(std::move(bytes));
    ask_depot();  // for whom WELCOME left
    changed_.notify();
}

asio::awaitable<void> SerialDriver::send_update() {
    const auto frame = updates_.next_frame(steady_clock::now());
    if (!frame) co_return;
    co_await write(encode(*frame));
    ask_depot();
    changed_.notify();
}

// The reader sees it too when the device is gone, and ends what is served.
asio::awaitable<void> SerialDriver::write(std::string bytes) {
    error_code failure;
    written_until_ =
        std::max(steady_clock::now(), written_until_) + time_on_line(bytes.size(), settings_.baud);
    static_cast<void>(co_await asio::async_write(
        port_, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure)
    ));
    if (failure) close();
}

// --- the end

asio::awaitable<void> SerialDriver::stop() {
    is_stopping_ = true;
    const auto deadline = steady_clock::now() + kStopMax;
    const auto is_busy = [&] {
        return is_settling_ || (is_reading_ && !settings_.bus && station_.has_reply());
    };
    while (is_busy() && steady_clock::now() < deadline) co_await changed_.wait_until(deadline);
    co_await tasks_.close();
    close();
    trouble_ = tr("stopped");
}

DriverState SerialDriver::state() const {
    const bool is_open = port_.is_open() && is_reading_;
    auto state = line_state({settings_, name_, station_, is_open, trouble_}, steady_clock::now());
    state.frames = frames_;
    state.turned_away = station_.turnaways().by_cause(reader_.dropped());
    return state;
}

}  // namespace drivers::serial
