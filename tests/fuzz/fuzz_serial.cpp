// libFuzzer harness of the serial link. An input is what a line brings, and how the sink answers.
// Its frames must be found the same whether the bytes come at once or one by one; what is decoded
// must come back when it is encoded. Then every piece between two zeros is taken for the content of
// a frame whose checksum is right, so that the station is reached: whatever it is told, what it
// says fits a frame, is bounded, and acknowledges nothing that was not concluded; of a node one
// question about updates is under way at most.
#include "drivers/serial/cobs.hpp"
#include "drivers/serial/frame_reader.hpp"
#include "drivers/serial/station.hpp"
#include "drivers/serial/update_side.hpp"
#include "tests/fuzz/require.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace drivers::serial;
using tests::fuzz::require;

constexpr std::size_t kRepliesMax = 64 * (2 + Node::kUnderWayMax) + 256;

std::vector<Frame> frames_of(std::string_view bytes, std::size_t piece) {
    FrameReader reader;
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto rest = bytes.substr(at, piece);
        while (auto frame = reader.next(rest)) frames.push_back(std::move(*frame));
    }
    return frames;
}

void check_frames(std::string_view bytes) {
    const auto frames = frames_of(bytes, bytes.size() + 1);
    require(frames == frames_of(bytes, 1));
    for (const Frame& frame : frames) {
        const auto encoded = encode(frame);
        require(encoded.size() <= kFrameBytesMax);
        const auto again = decode(std::string_view{encoded}.substr(0, encoded.size() - 1));
        require(again && *again == frame);
    }
}

class Conversation {
  public:
    explicit Conversation(bool is_bus) : station_(parts(is_bus)) {}
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    void hear(std::string_view content) {
        now_ += std::chrono::milliseconds{100};
        Frame frame;
        frame.type = static_cast<FrameType>(content[0]);
        frame.address = static_cast<std::uint8_t>(content[1] % 4);
        // Sessions count up, so that a small number finds one.
        frame.session = static_cast<std::uint16_t>(content[2] % 8);
        frame.sequence = static_cast<std::uint8_t>(content[3]);
        frame.payload = content.substr(4, kPayloadBytesMax);
        if (auto message = station_.receive(frame, now_)) {
            require(message->ticket.sequence == frame.sequence && message->mark.packet_id != 0);
            tickets_.push_back(message->ticket);
        }
        require(tickets_.size() <= 64 * Node::kUnderWayMax);
        if (content[0] % 3 == 0) answer(static_cast<std::uint8_t>(content.back()));
        while (auto question = updates_.next_question()) {
            require(asked_.emplace(question->ticket.address, *question).second);
            require(question->name.size() <= 32);
        }
        if (content[0] % 2 == 0) answer_update(static_cast<std::uint8_t>(content.back()));
        speak();
    }

  private:
    Station::Parts parts(bool is_bus) {
        Station::Parts parts(updates_);
        parts.settings.bus = is_bus;
        if (is_bus) parts.settings.nodes = {{"a", 1}, {"b", 2}, {"c", 3}};
        parts.held = [](const std::string& session) {
            return std::vector<std::uint16_t>(session.size() % 5, 7);
        };
        parts.unix_ms = [] { return std::uint64_t{1} << 40; };
        return parts;
    }

    void answer(std::uint8_t how) {
        if (tickets_.empty()) return;
        const auto ticket = tickets_.front();
        tickets_.pop_front();
        if (how % 4 == 0) {
            station_.refused(ticket, Refused::malformed);
        } else if (how % 4 == 1) {
            station_.postponed(ticket, now_);
        } else {
            station_.stored(ticket);
        }
        require(station_.take_releases().size() <= MarkTrail::kHeldMax * 2);
        static_cast<void>(station_.take_forgotten());
    }

    // As the depot would.
    void answer_update(std::uint8_t how) {
        if (asked_.empty()) return;
        const auto question = asked_.begin()->second;
        asked_.erase(asked_.begin());
        if (std::holds_alternative<UpdateSide::Introduction>(question.what)) {
            gateway::firmware::Offer offer;
            offer.update = how % 4;
            offer.signed_manifest.assign(kPayloadBytesMax, 'm');
            updates_.offer(question.ticket, how % 2 == 0 ? std::optional(offer) : std::nullopt);
        } else if (const auto* report = std::get_if<UpdateSide::Report>(&question.what)) {
            updates_.seen(question.ticket, *report);
        } else {
            const auto wanted = std::get<UpdateSide::PieceWanted>(question.what);
            require(wanted.size > 0 && wanted.size <= UpdateSide::kPieceBytesMax);
            if (how % 3 == 0) updates_.withdraw(question.ticket, wanted.update);
            if (how % 3 == 1) updates_.give_nothing(question.ticket);
            if (how % 3 == 2) updates_.give(question.ticket, wanted, std::string(wanted.size, 'p'));
        }
    }

    void speak() {
        const auto update = updates_.next_frame(now_);
        if (update) require(encode(*update).size() <= kFrameBytesMax);
        require(!updates_.has_frame(now_));
        std::size_t replies = 0;
        while (const auto reply = station_.reply(now_)) {
            require(encode(*reply).size() <= kFrameBytesMax);
            require(++replies <= kRepliesMax);
        }
        require(!station_.has_reply());
        for (std::uint8_t address = 1; address <= 3; ++address)
            require(encode(station_.poll(address, now_)).size() <= kFrameBytesMax);
    }

    Station::Time now_ = Station::Time{} + std::chrono::hours{1};
    UpdateSide updates_{115'200};
    Station station_;
    std::map<std::uint8_t, UpdateSide::Question> asked_;  // by address: one of each
    std::deque<Station::Ticket> tickets_;
};

void converse(std::string_view bytes, bool is_bus) {
    Conversation conversation(is_bus);
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, bytes.find('\0'));
        bytes.remove_prefix(std::min(bytes.size(), piece.size() + 1));
        if (piece.size() < 5) continue;
        conversation.hear(piece);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(bytes), size};
    check_frames(input);
    const auto decoded = cobs_decode(input);
    if (decoded && !decoded->empty())
        require(
            cobs_decode(cobs_encode(*decoded)) == decoded || decoded->size() > kContentBytesMax
        );
    converse(input, true);
    converse(input, false);
    return 0;
}
