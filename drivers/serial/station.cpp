#include "drivers/serial/station.hpp"

#include "drivers/update/word.hpp"

#include <algorithm>
#include <utility>

namespace drivers::serial {

using Arrival = Receiver::Arrival;

namespace {

constexpr std::size_t kNameBytesMax = 32;

bool is_from_gateway(FrameType type) {
    return static_cast<std::uint8_t>(type) >= 0x80;
}

bool waits_for_an_answer(FrameType type) {
    return type == FrameType::readings || type == FrameType::status ||
           type == FrameType::update_ask || type == FrameType::update_state;
}

TurnedAway word_for(Turnaway cause) {
    switch (cause) {
        case Turnaway::address_in_use:
            return TurnedAway::address_in_use;
        case Turnaway::not_listed:
            return TurnedAway::not_listed;
        case Turnaway::full:
            return TurnedAway::full;
        default:
            return TurnedAway::version;
    }
}

Frame frame_of(FrameType type, const Node& node, std::uint32_t sequence, std::string payload) {
    return {type, node.address, node.session, sequence, std::move(payload)};
}

}  // namespace

Station::Station(Parts parts) : parts_(std::move(parts)) {}

// --- what comes

std::optional<Station::Message> Station::receive(Frame frame, Time now) {
    if (is_from_gateway(frame.type)) return std::nullopt;  // an adapter that hears itself
    if (frame.type == FrameType::hello) {
        on_hello(frame, now);
        return std::nullopt;
    }
    Node* node = at(frame.address);
    if (node == nullptr || node->session != frame.session) {
        if (waits_for_an_answer(frame.type))
            to_strangers_[frame.address] = {
                FrameType::hello_again, frame.address, frame.session, 0, {}};
        return std::nullopt;
    }
    node->heard_at = now;
    parts_.updates.hear_from(frame.address, now);
    switch (frame.type) {
        case FrameType::readings:
            return on_readings(std::move(frame), *node, now);
        case FrameType::status:
            on_status(frame, *node, now);
            break;
        case FrameType::turn_end:
            break;
        case FrameType::update_ask:
        case FrameType::update_state:
            on_update(frame);
            break;
        default:
            turnaways_.count(Turnaway::unknown_type);
    }
    return std::nullopt;
}

std::optional<Station::Message> Station::on_readings(Frame frame, Node& node, Time now) {
    if (node.window.size(now) == 0) {
        node.is_acknowledgement_due = true;  // which says so
        return std::nullopt;
    }
    const bool is_next = frame.sequence == node.receiver.expected();
    if (is_next && node.under_way >= Node::kUnderWayMax) {
        turnaways_.count(Turnaway::unexpected);  // of the window it knows
        return std::nullopt;
    }
    switch (node.receiver.arrive(frame.sequence)) {
        case Arrival::taken:
            break;
        case Arrival::repeated:
            node.is_acknowledgement_due = true;
            return std::nullopt;
        case Arrival::missing:
            node.is_acknowledgement_due = true;
            node.is_gap = true;
            return std::nullopt;
        case Arrival::behind:
            return std::nullopt;
    }
    ++node.under_way;
    Message message;
    message.ticket = {&node, node.incarnation, frame.sequence, node.receiver.generation()};
    message.node = node.name;
    message.payload = std::move(frame.payload);
    message.mark = {node.memory(), MarkTrail::mark_of(frame.sequence)};
    return message;
}

// What it sent last may have been lost, and nothing behind it tells.
void Station::on_status(const Frame& frame, Node& node, Time now) {
    node.is_acknowledgement_due = true;
    if (frame.sequence > node.receiver.expected()) node.is_gap = true;
    if (const auto status = parse_status(frame.payload)) {
        note_lost(node, status->lost, now);
    } else {
        turnaways_.count(Turnaway::unexpected);
    }
}

void Station::on_update(const Frame& frame) {
    if (!parts_.updates.receive(frame)) turnaways_.count(Turnaway::unexpected);
}

void Station::note_lost(Node& node, std::uint32_t lost, Time now) {
    if (lost > node.lost) lost_at_ = now;
    node.lost = lost;
}

// --- who comes

void Station::on_hello(const Frame& frame, Time now) {
    const auto hello = parse_hello(frame.payload);
    if (!hello) return turn_away(frame.address, Turnaway::bad_hello, now);
    if (const auto cause = objection(*hello, frame.address))
        return turn_away(frame.address, *cause, now);
    if (is_taken(*hello, frame.address, now))
        return turn_away(frame.address, Turnaway::address_in_use, now);
    if (!make_room(hello->node, now)) return turn_away(frame.address, Turnaway::full, now);
    welcome(*hello, frame.address, now);
}

std::optional<Turnaway> Station::objection(const Hello& hello, std::uint8_t address) const {
    const bool is_true = hello.version_min >= 1 && hello.version_min <= hello.version_max;
    if (!is_true || hello.version_min > kVersion || hello.version_max < kVersion)
        return Turnaway::version;
    if (!update::is_word(hello.node, kNameBytesMax) || hello.incarnation == 0)
        return Turnaway::bad_hello;
    const auto& listed = parts_.settings.nodes;
    if (!parts_.settings.bus && address != 0) return Turnaway::not_listed;
    if (listed.empty()) return std::nullopt;
    const auto found = std::find_if(listed.begin(), listed.end(), [&](const auto& node) {
        return node.name == hello.node;
    });
    if (found == listed.end()) return Turnaway::not_listed;
    if (parts_.settings.bus && found->address != address) return Turnaway::address_in_use;
    return std::nullopt;
}

// On a bus only who has no session answers the poll that asks for an introduction.
bool Station::is_taken(const Hello& hello, std::uint8_t address, Time now) const {
    const Node* node = at(address);
    if (!parts_.settings.bus || node == nullptr || !node->is_online(now)) return false;
    return node->name != hello.node || node->incarnation != hello.incarnation;
}

bool Station::make_room(const std::string& name, Time now) {
    if (nodes_.contains(name) || nodes_.size() < kNodesMax) return true;
    auto oldest = nodes_.end();
    for (auto node = nodes_.begin(); node != nodes_.end(); ++node) {
        if (node->second.is_online(now) || node->second.under_way > 0) continue;
        if (oldest == nodes_.end() || node->second.heard_at < oldest->second.heard_at)
            oldest = node;
    }
    if (oldest == nodes_.end()) return false;
    nodes_.erase(oldest);
    return true;
}

void Station::welcome(const Hello& hello, std::uint8_t address, Time now) {
    for (auto& [name, other] : nodes_) {
        if (other.address != address) continue;
        other.session = 0;
        other.heard_at = {};
    }
    const std::uint32_t next = std::max(hello.next, std::uint32_t{1});
    Node& node = nodes_[hello.node];
    if (node.incarnation != hello.incarnation) {
        if (node.incarnation != 0) forgotten_.push_back(node.memory());
        node.name = hello.node;
        node.incarnation = hello.incarnation;
        node.lost = 0;
        node.marks = MarkTrail(parts_.held(node.memory()), next);
        node.receiver = Receiver(node.marks.first_new(next));
    }
    node.hello = hello;
    node.receiver.skip_to(next);
    if (++parts_.last_session == 0) ++parts_.last_session;
    node.session = parts_.last_session;
    node.address = address;
    node.heard_at = now;
    node.silent_turns = 0;
    node.refusals.clear();  // concluded, which WELCOME says
    node.is_gap = false;
    node.is_acknowledgement_due = false;
    node.is_welcome_due = true;
    to_strangers_.erase(address);
    note_lost(node, hello.lost, now);
}

void Station::turn_away(std::uint8_t address, Turnaway cause, Time now) {
    turnaways_.count(cause);
    last_turnaway_ = {cause, address, now};
    to_strangers_[address] = {FrameType::turned_away, address, 0, 0, payload_of(word_for(cause))};
}

// --- what becomes of it

// Whether the answer of the sink still matters.
bool Station::settle(const Ticket& ticket) {
    --ticket.node->under_way;
    return ticket.node->incarnation == ticket.incarnation &&
           ticket.node->receiver.awaits(ticket.sequence, ticket.generation);
}

void Station::stored(const Ticket& ticket) {
    if (!settle(ticket)) return;
    Node& node = *ticket.node;
    node.receiver.conclude(ticket.sequence);
    node.window.widen();
    node.is_acknowledgement_due = true;
    node.marks.hold(ticket.sequence);
    for (const std::uint16_t mark : node.marks.take_spare(node.receiver.concluded()))
        releases_.push_back({node.memory(), mark});
}

void Station::refused(const Ticket& ticket, Refused cause) {
    if (!settle(ticket)) return;
    Node& node = *ticket.node;
    node.receiver.conclude(ticket.sequence);
    if (node.refusals.size() < Node::kUnderWayMax)
        node.refusals.emplace_back(ticket.sequence, cause);
    node.is_acknowledgement_due = true;
}

void Station::postponed(const Ticket& ticket, Time now) {
    if (!settle(ticket)) return;
    Node& node = *ticket.node;
    node.receiver.take_back(ticket.sequence);
    node.window.close(now);
    node.is_acknowledgement_due = true;
    node.is_gap = true;
}

std::vector<Station::Release> Station::take_releases() {
    return std::exchange(releases_, {});
}

std::vector<std::string> Station::take_forgotten() {
    return std::exchange(forgotten_, {});
}

// --- what is said

// Everything below what WELCOME says is on the disk: it waits for what is under way.
bool Station::has_reply(const Node& node) const {
    if (node.session == 0) return false;
    if (node.is_welcome_due) return node.receiver.concluded() == node.receiver.expected();
    return !node.refusals.empty() || (node.is_acknowledgement_due && !parts_.settings.bus);
}

// Who is welcome hears of it first: of two that wait for an answer at one address, only who has no
// session then is turned away.
std::map<std::uint8_t, Frame>::const_iterator Station::next_to_stranger() const {
    return std::find_if(to_strangers_.begin(), to_strangers_.end(), [&](const auto& entry) {
        const Node* node = at(entry.first);
        return node == nullptr || !node->is_welcome_due;
    });
}

bool Station::has_reply() const {
    return next_to_stranger() != to_strangers_.end() ||
           std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
               return has_reply(entry.second);
           });
}

std::optional<Frame> Station::reply(Time now) {
    if (const auto next = next_to_stranger(); next != to_strangers_.end()) {
        auto first = to_strangers_.extract(next);
        return std::move(first.mapped());
    }
    for (auto& [name, node] : nodes_) {
        if (!has_reply(node)) continue;
        if (node.is_welcome_due) return welcome_frame(node, now);
        if (node.refusals.empty()) return acknowledgement(FrameType::ack, node, now);
        const auto [sequence, cause] = node.refusals.front();
        node.refusals.pop_front();
        return frame_of(FrameType::refused, node, sequence, payload_of(cause));
    }
    return std::nullopt;
}

Frame Station::welcome_frame(Node& node, Time now) const {
    node.is_welcome_due = false;
    parts_.updates.enter(node.hello, {node.address, node.session}, now);
    const Welcome welcome{node.name, node.incarnation, node.window.size(now), parts_.unix_ms()};
    return frame_of(FrameType::welcome, node, node.receiver.concluded(), payload_of(welcome));
}

Frame Station::acknowledgement(FrameType type, Node& node, Time now) const {
    node.is_acknowledgement_due = false;
    const Acknowledgement said{
        node.receiver.expected(),
        node.window.size(now),
        std::exchange(node.is_gap, false),
        parts_.unix_ms()};
    return frame_of(type, node, node.receiver.concluded(), payload_of(said));
}

Frame Station::poll(std::uint8_t address, Time now) {
    if (Node* node = at(address)) return acknowledgement(FrameType::poll, *node, now);
    Acknowledgement said;
    said.unix_ms = parts_.unix_ms();
    return {FrameType::poll, address, 0, 0, payload_of(said)};
}

// A poll without a session asks for an introduction, also a node that believes to have one.
void Station::note_turn(std::uint8_t address, bool is_silent) {
    Node* node = at(address);
    if (node == nullptr) return;
    node->silent_turns = is_silent ? node->silent_turns + 1 : 0;
    if (node->silent_turns >= kSilentTurnsMax) node->session = 0;
}

// --- for the operator

Node* Station::at(std::uint8_t address) {
    return const_cast<Node*>(std::as_const(*this).at(address));
}

const Node* Station::at(std::uint8_t address) const {
    const auto found = std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
        return entry.second.address == address && entry.second.session != 0;
    });
    return found == nodes_.end() ? nullptr : &found->second;
}

bool Station::is_online(std::uint8_t address, Time now) const {
    return std::any_of(nodes_.begin(), nodes_.end(), [&](const auto& entry) {
        return entry.second.address == address && entry.second.is_online(now);
    });
}

std::size_t Station::online(Time now) const {
    return static_cast<std::size_t>(std::count_if(
        nodes_.begin(), nodes_.end(), [&](const auto& entry) { return entry.second.is_online(now); }
    ));
}

std::map<std::string, std::uint64_t> Station::lost() const {
    std::map<std::string, std::uint64_t> lost;
    for (const auto& [name, node] : nodes_) {
        if (node.lost > 0) lost[std::to_string(node.address)] += node.lost;
    }
    return lost;
}

}  // namespace drivers::serial
