#include "drivers/mqtt_listener/connection.hpp"

#include "drivers/mqtt_listener/bounds.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <variant>

namespace drivers::mqtt_listener {

namespace asio = boost::asio;
namespace codec = gateway::mqtt_codec;
using codec::ReasonCode;
using gateway::language::tr;
using std::chrono::steady_clock;

namespace {

codec::PacketBounds bounds_of(const Hall& hall) {
    codec::PacketBounds bounds;
    bounds.packet_bytes_max = packet_bytes_max(hall);
    return bounds;
}

}  // namespace

Connection::Connection(
    std::unique_ptr<ByteChannel> channel, Hall& hall, std::function<void()> on_introduced
)
    : channel_(std::move(channel)),
      hall_(hall),
      on_introduced_(std::move(on_introduced)),
      reader_(codec::Role::server, bounds_of(hall)),
      received_(hall.receive_budget),
      changed_(hall.around.reactor),
      tasks_(hall.around.reactor, [this](std::exception_ptr) { on_failure(); }),
      outgoing_(*channel_, hall.around.reactor, tasks_, [this] { on_change(); }),
      heard_at_(steady_clock::now()),
      silence_max_(kIntroductionMax) {}

asio::awaitable<void> Connection::run() {
    const bool introduced = co_await introduce();
    if (introduced) co_await converse();
    co_await settle();
}

// --- the beginning

asio::awaitable<bool> Connection::introduce() {
    const auto failure = co_await channel_->open();
    if (failure) {
        if (!is_ending_) cut(Turnaway::handshake);
        co_return false;
    }
    const auto frame = co_await first_frame();
    if (!frame) co_return false;
    const auto packet = codec::decode(frame->bytes, codec::Version::mqtt_5, codec::Role::server);
    if (!packet) {
        refuse_malformed(frame->bytes, packet.error().reason);
        co_return false;
    }
    is_introduced_ = true;
    on_introduced_();
    const auto& connect = std::get<codec::Connect>(*packet);
    auto verdict = co_await judge(connect, channel_->identity(), hall_);
    if (is_ending_) co_return false;
    if (const auto* refused = std::get_if<Refused>(&verdict)) {
        refuse(connect.version, *refused);
        co_return false;
    }
    const std::size_t taken = frame->bytes.size();
    const bool entered = co_await enter(std::get<Accepted>(std::move(verdict)));
    received_.take(taken);
    co_return entered;
}

asio::awaitable<std::optional<codec::Frame>> Connection::first_frame() {
    while (true) {
        const auto framing = reader_.next(received_.bytes());
        if (const auto* frame = std::get_if<codec::Frame>(&framing)) co_return *frame;
        if (std::holds_alternative<codec::Fault>(framing)) {
            cut(Turnaway::bad_connect);
            co_return std::nullopt;
        }
        const bool is_alive = co_await receive(std::get<codec::NeedMore>(framing).bytes_min);
        if (!is_alive) co_return std::nullopt;
    }
}

asio::awaitable<bool> Connection::enter(Accepted accepted) {
    auto on_taken_over = [this] { end(ReasonCode::session_taken_over, Turnaway::taken_over); };
    const auto entry = co_await hall_.sessions.enter(
        accepted.device.client, accepted.device.identity, on_taken_over
    );
    if (entry != Sessions::Entry::entered) {
        const bool not_yours = entry == Sessions::Entry::not_yours;
        refuse(
            accepted.device.version,
            {not_yours ? ReasonCode::client_identifier_not_valid : ReasonCode::server_busy,
             not_yours ? Turnaway::client_id : Turnaway::busy}
        );
        co_return false;
    }
    Conversation::Ways ways{
        outgoing_,
        tasks_,
        [this](ReasonCode reason, Turnaway cause) { end(reason, cause); },
        [this] { on_change(); }};
    conversation_ = std::make_unique<Conversation>(accepted.device, hall_, std::move(ways));
    check_proof();  // it may have waited for its predecessor
    if (is_ending_) co_return false;
    bool is_present = false;
    const bool opened = co_await open_session(accepted, is_present);
    if (is_ending_ || is_stopping_) co_return false;
    if (!opened) {
        refuse(accepted.device.version, {ReasonCode::server_unavailable, Turnaway::busy});
        co_return false;
    }
    outgoing_.limit_packets(accepted.device.packet_bytes_max);
    outgoing_.send(connack_of(accepted, is_present, hall_), accepted.device.version);
    is_welcome_ = true;
    silence_max_ = std::chrono::milliseconds{1500} * accepted.keep_alive_s;
    heard_at_ = steady_clock::now();
    co_return true;
}

// Forgets or finds again what the device's session holds; false when the store cannot.
asio::awaitable<bool> Connection::open_session(const Accepted& accepted, bool& is_present) {
    auto& memory = hall_.around.sessions;
    const std::string session = accepted.device.session();
    const bool has_expired = hall_.sessions.has_expired(accepted.device);
    const bool is_known = memory.knows(session);
    is_present = is_known && !accepted.clean_start && !has_expired;
    if (is_known && !is_present) {
        const auto forgotten = co_await memory.forget(session);
        if (!forgotten) co_return false;
    }
    if (!accepted.device.has_session()) co_return true;
    const bool has_place = co_await make_place(accepted.device);
    if (is_present || !has_place) co_return has_place;
    const auto remembered = co_await memory.remember(session);
    if (!remembered) hall_.sessions.let_go(accepted.device);
    co_return remembered.has_value();
}

// The device's identity has so many lasting sessions at most; false when there is no place.
asio::awaitable<bool> Connection::make_place(const Device& device) {
    std::optional<std::string> idlest;
    if (!hall_.sessions.keep(device, idlest)) co_return false;
    if (!idlest) co_return true;
    const auto forgotten = co_await hall_.around.sessions.forget(std::move(*idlest));
    if (!forgotten) hall_.sessions.let_go(device);
    co_return forgotten.has_value();
}

void Connection::refuse(codec::Version version, const Refused& refused) {
    hall_.turnaways.count(refused.cause);
    codec::Connack connack;
    connack.reason = refused.reason;
    connack.return_code = codec::return_code(refused.reason);
    outgoing_.send(connack, version);
    finish();
}

// In MQTT 3.1.1 a CONNECT that breaks the rules is not answered (3.1.4), but for those two codes.
void Connection::refuse_malformed(std::string_view frame, ReasonCode reason) {
    const auto version = codec::answer_version(frame);
    const bool has_word = reason == ReasonCode::unsupported_protocol_version ||
                          reason == ReasonCode::client_identifier_not_valid;
    if (version == codec::Version::mqtt_5 || (version && has_word)) {
        refuse(*version, {reason, Turnaway::bad_connect});
    } else {
        cut(Turnaway::bad_connect);
    }
}

// --- the middle

asio::awaitable<void> Connection::converse() {
    while (!is_ending_ && !conversation_->is_over()) {
        const bool has_taken_all = !is_stopping_ && take_frames();
        if (is_ending_ || conversation_->is_over()) break;
        if (!has_taken_all) {
            co_await changed_.wait();
            heard_at_ = steady_clock::now();
            continue;
        }
        const bool is_alive = co_await receive(bytes_wanted_);
        if (!is_alive) break;
    }
    finish();
}

// Takes the packets that are received, as long as there is room for what they ask; false when
// there is none.
bool Connection::take_frames() {
    while (!is_ending_ && !conversation_->is_over()) {
        if (!conversation_->has_room() || outgoing_.is_full()) return false;
        const auto framing = reader_.next(received_.bytes());
        if (const auto* more = std::get_if<codec::NeedMore>(&framing)) {
            bytes_wanted_ = more->bytes_min;
            return true;
        }
        if (const auto* fault = std::get_if<codec::Fault>(&framing)) {
            fail(*fault);
            break;
        }
        const auto bytes = std::get<codec::Frame>(framing).bytes;
        const auto packet =
            codec::decode(bytes, conversation_->device().version, codec::Role::server);
        if (!packet) {
            fail(packet.error());
            break;
        }
        if (const auto taken = conversation_->take(*packet); !taken) fail(taken.error());
        received_.take(bytes.size());
    }
    return true;
}

asio::awaitable<bool> Connection::receive(std::size_t bytes) {
    const auto room = received_.room(bytes);
    if (room.size() == 0) {
        end(ReasonCode::server_busy, Turnaway::full);
        co_return false;
    }
    boost::system::error_code failure;
    is_reading_ = true;
    const std::size_t size = co_await channel_->read_some(room, failure);
    is_reading_ = false;
    if (failure || is_ending_) co_return false;
    received_.received(size);
    // Before its CONNECT is whole a device has one deadline for all of it, however it drips.
    if (conversation_) heard_at_ = steady_clock::now();
    co_return true;
}

// --- the end

void Connection::fail(const codec::Fault& fault) {
    end(fault.reason, Turnaway::malformed);
}

void Connection::end(ReasonCode reason, Turnaway cause) {
    if (is_ending_) return;
    hall_.turnaways.count(cause);
    say_goodbye(reason);
}

void Connection::stop() {
    is_stopping_ = true;
    if (!conversation_ && !is_ending_) finish();
    on_change();
}

void Connection::say_goodbye(ReasonCode reason) {
    if (is_welcome_) {
        codec::Disconnect disconnect;
        disconnect.reason = reason;
        outgoing_.send(disconnect, conversation_->device().version);
    }
    finish();
}

// A message was answered, or a write has ended.
void Connection::on_change() {
    const bool is_settled = conversation_ && conversation_->pending() == 0;
    if (is_stopping_ && !is_ending_ && is_settled) say_goodbye(ReasonCode::server_shutting_down);
    changed_.notify();
}

void Connection::on_failure() {
    hall_.around.log.error(
        "connection-failed", tr("A connection of the MQTT listener stopped working.")
    );
    is_broken_ = true;
    if (!is_ending_) finish();
    channel_->shut();
    changed_.notify();
}

void Connection::cut(Turnaway cause) {
    if (is_ending_) return;
    hall_.turnaways.count(cause);
    is_ending_ = true;
    channel_->shut();
    changed_.notify();
}

// Reads no more; the channel closes when what is said so far is written.
void Connection::finish() {
    is_ending_ = true;
    outgoing_.finish();
    changed_.notify();
}

asio::awaitable<void> Connection::settle() {
    while (conversation_ && conversation_->pending() > 0 && !is_broken_) co_await changed_.wait();
    while (outgoing_.stalled_since() && !is_broken_) co_await changed_.wait();
    if (conversation_) {
        const auto& device = conversation_->device();
        if (!device.has_session() && hall_.around.sessions.knows(device.session())) {
            const auto forgotten = co_await hall_.around.sessions.forget(device.session());
            if (!forgotten) hall_.turnaways.count(Turnaway::busy);
        }
        hall_.sessions.leave(device);
    }
    channel_->shut();
    co_await tasks_.close();
}

asio::awaitable<void> Connection::close() {
    is_broken_ = true;
    is_ending_ = true;
    channel_->shut();
    changed_.notify();
    co_await tasks_.close();
}

void Connection::check(steady_clock::time_point now) {
    const auto stalled = outgoing_.stalled_since();
    if (stalled && now - *stalled > kWriteStallMax) {
        if (!is_ending_) return cut(Turnaway::stalled);
        channel_->shut();
    }
    const bool is_silent = silence_max_.count() > 0 && now - heard_at_ > silence_max_;
    if (!is_silent || is_ending_) return;
    if (!is_introduced_) return cut(Turnaway::not_introduced);
    if (conversation_ && is_reading_) end(ReasonCode::keep_alive_timeout, Turnaway::silent);
}

void Connection::check_proof() {
    if (!conversation_) return;
    const auto& device = conversation_->device();
    const bool holds = device.account.empty()
                           ? channel_->is_proof_valid()
                           : hall_.authenticator->hash_of(device.identity) == device.account;
    if (holds) return;
    end(ReasonCode::administrative_action, Turnaway::unauthenticated);
}

}  // namespace drivers::mqtt_listener
