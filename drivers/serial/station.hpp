#pragma once
#include "drivers/serial/frame.hpp"
#include "drivers/serial/node.hpp"
#include "drivers/serial/turnaway.hpp"
#include "drivers/serial/update_side.hpp"
#include "gateway/model/frame.hpp"
#include "gateway/settings/settings.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace drivers::serial {

// The gateway's side of the link, without a line: frames go in, and what has to be stored and what
// has to be said comes out. What is said of a node is said once, with its newest figures, however
// often it was asked for: nothing here grows with what a node sends. Pure, but for `Parts`.
class Station {
  public:
    using Time = Node::Time;

    // Beyond it a name that was not heard before is turned away, or takes the place of the one that
    // is silent for longest.
    static constexpr std::size_t kNodesMax = 64;
    // A node on a bus that says nothing in so many turns one after the other has lost its session.
    static constexpr int kSilentTurnsMax = 2;

    struct Parts {
        explicit Parts(UpdateSide& side) : updates(side) {}

        UpdateSide& updates;
        gateway::settings::SerialPort settings;
        // The marks that the disk has of a session.
        std::function<std::vector<std::uint16_t>(const std::string& session)> held;
        std::function<std::uint64_t()> unix_ms;  // 0: not known
        std::uint16_t last_session = 0;          // the next one has the next number
    };

    // Names a message until the sink has answered. The node stays as long.
    struct Ticket {
        Node* node = nullptr;
        std::uint32_t incarnation = 0;
        std::uint32_t sequence = 0;
        std::uint32_t generation = 0;
    };
    struct Message {
        Ticket ticket;
        std::string node;  // its name
        std::string payload;
        gateway::model::FrameMark mark;
    };
    struct Release {
        std::string session;
        std::uint16_t mark = 0;
    };

    explicit Station(Parts parts);

    // What a node sent. A message that is returned goes to the sink, and one of the three answers
    // must follow, in the order of the messages.
    std::optional<Message> receive(Frame frame, Time now);
    void stored(const Ticket& ticket);
    void refused(const Ticket& ticket, Refused cause);  // for good
    void postponed(const Ticket& ticket, Time now);     // must come again

    // What the memory of sessions need not hold any more.
    std::vector<Release> take_releases();
    std::vector<std::string> take_forgotten();

    // The next frame to be sent, but for polls; nothing while there is none. On a bus
    // acknowledgements go with the poll.
    std::optional<Frame> reply(Time now);
    bool has_reply() const;
    Frame poll(std::uint8_t address, Time now);
    // How the turn went that the poll gave.
    void note_turn(std::uint8_t address, bool is_silent);

    // --- for the operator ---

    bool is_online(std::uint8_t address, Time now) const;
    std::size_t online(Time now) const;
    // By address, "0" on a line. Only nodes that lost any.
    std::map<std::string, std::uint64_t> lost() const;
    std::optional<Time> lost_at() const { return lost_at_; }  // more than before
    Turnaways& turnaways() { return turnaways_; }
    const Turnaways& turnaways() const { return turnaways_; }

    struct LastTurnaway {
        Turnaway cause{};
        std::uint8_t address = 0;
        Time at{};
    };
    const std::optional<LastTurnaway>& last_turnaway() const { return last_turnaway_; }

  private:
    void on_hello(const Frame& frame, Time now);
    std::optional<Message> on_readings(Frame frame, Node& node, Time now);
    void on_status(const Frame& frame, Node& node, Time now);
    void on_update(const Frame& frame);
    std::optional<Turnaway> objection(const Hello& hello, std::uint8_t address) const;
    bool is_taken(const Hello& hello, std::uint8_t address, Time now) const;
    bool make_room(const std::string& name, Time now);
    void welcome(const Hello& hello, std::uint8_t address, Time now);
    void turn_away(std::uint8_t address, Turnaway cause, Time now);
    void note_lost(Node& node, std::uint32_t lost, Time now);
    Node* at(std::uint8_t address);
    const Node* at(std::uint8_t address) const;
    static bool settle(const Ticket& ticket);
    bool has_reply(const Node& node) const;
    std::map<std::uint8_t, Frame>::const_iterator next_to_stranger() const;
    Frame welcome_frame(Node& node, Time now) const;
    Frame acknowledgement(FrameType type, Node& node, Time now) const;

    Parts parts_;
    std::map<std::string, Node> nodes_;           // at most kNodesMax, by name
    std::map<std::uint8_t, Frame> to_strangers_;  // by address
    std::vector<Release> releases_;
    std::vector<std::string> forgotten_;
    Turnaways turnaways_;
    std::optional<LastTurnaway> last_turnaway_;
    std::optional<Time> lost_at_;
};

}  // namespace drivers::serial
