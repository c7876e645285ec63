#pragma once
#include "drivers/serial/frame.hpp"
#include "drivers/serial/messages.hpp"
#include "gateway/firmware/depot.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace drivers::serial {

// The gateway's side of updates over a link, without a line and without a depot: what nodes say
// goes in, and what the depot has to be asked and what has to be said comes out. Of each node one
// thing is under way, from the question to the frame that answers it; of what it says meanwhile the
// newest is kept. So nothing here grows with what a node sends. Pure.
class UpdateSide {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // A node that is heard is introduced again after this long, so that it hears of what was begun
    // since, and again of what it has not answered.
    static constexpr std::chrono::seconds kIntroduceAgain{60};
    static constexpr std::size_t kPieceBytesMax = 224;

    // Names what is under way until the depot has answered.
    struct Ticket {
        std::uint8_t address = 0;
        std::uint16_t session = 0;
    };
    struct Introduction {
        gateway::firmware::Device device;  // without its source and its label
    };
    struct Report {
        gateway::firmware::Progress progress;
        std::string said;  // the payload, which UPDATE-SEEN echoes
    };
    struct PieceWanted {
        std::uint32_t update = 0;
        std::uint32_t offset = 0;
        std::size_t size = 0;
    };
    struct Question {
        Ticket ticket;
        std::string name;  // of the node
        std::variant<Introduction, Report, PieceWanted> what;
    };

    explicit UpdateSide(int baud) : baud_(baud) {}

    // --- what nodes say: those that have a session, at most one at an address

    // WELCOME left for it. One that takes no updates is never asked about.
    void enter(const Hello& hello, const Ticket& who, Time now);
    // It sent a frame of whatever type.
    void hear_from(std::uint8_t address, Time now);
    // UPDATE-ASK or UPDATE-STATE; false where it is none, or none that it could send.
    bool receive(const Frame& frame);

    // --- the depot: each question must be answered

    std::optional<Question> next_question();
    void offer(const Ticket& ticket, const std::optional<gateway::firmware::Offer>& offer);
    void give(const Ticket& ticket, const PieceWanted& wanted, std::string piece);
    void withdraw(const Ticket& ticket, std::uint32_t update);
    void seen(const Ticket& ticket, Report report);
    void give_nothing(const Ticket& ticket);  // it asks again

    // --- what is said: at most half of the line's time

    std::optional<Frame> next_frame(Time now);
    bool has_frame(Time now) const { return now >= due_at(); }
    Time due_at() const;  // of the next frame; Time::max() where there is none

  private:
    struct Answered {
        std::uint32_t update = 0;
        bool is_settings = false;
        bool operator==(const Answered&) const = default;
    };
    struct Place {
        std::uint16_t session = 0;
        std::optional<gateway::firmware::Device> device;  // nothing: it takes no updates
        Time introduced_at{};
        bool is_introduction_due = false;
        bool is_asking = false;  // the depot has not answered yet
        std::optional<Report> report;
        std::optional<PieceWanted> wanted;
        std::optional<Answered> answered;  // offer that it knows, and is not done with
        std::optional<Frame> frame;        // to be said
    };

    bool receive_ask(const Frame& frame, Place& place);
    bool receive_state(const Frame& frame, Place& place);
    static Question question_of(const Ticket& ticket, Place& place);
    Place* settle(const Ticket& ticket);
    static void say(
        Place& place, const Ticket& to, FrameType type, std::uint32_t sequence, std::string payload
    );

    const int baud_;
    std::map<std::uint8_t, Place> places_;  // by address: at most kAddressMax + 1
    std::uint8_t asked_last_ = 0;           // addresses, so that each has its turn
    std::uint8_t told_last_ = 0;
    Time rests_until_{};
};

}  // namespace drivers::serial
