#pragma once
#include "drivers/serial/frame_reader.hpp"
#include "tests/support/node_bytes.hpp"
#include "tests/support/pseudo_terminal.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace tests::support {

// A node at the end of a line that does what the test says, word for word.
class LineNode {
  public:
    using Frame = ::drivers::serial::Frame;
    using FrameType = ::drivers::serial::FrameType;

    explicit LineNode(const PseudoTerminal& line, std::uint8_t address = 0)
        : line_(line), address_(address) {}

    void say(Frame frame) const {
        frame.address = address_;
        line_.write(::drivers::serial::encode(frame));
    }
    void say_bytes(std::string_view bytes) const { line_.write(bytes); }
    void say_readings(std::uint32_t sequence, std::string payload = "readings") const {
        say(readings(session, sequence, std::move(payload)));
    }

    // The next frame of the gateway; nothing when none comes within the time.
    std::optional<Frame> hear(std::chrono::milliseconds limit) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (heard_.empty() && std::chrono::steady_clock::now() < deadline) {
            const std::string bytes = line_.read();
            std::string_view rest = bytes;
            while (auto frame = reader_.next(rest)) heard_.push_back(std::move(*frame));
        }
        if (heard_.empty()) return std::nullopt;
        Frame next = std::move(heard_.front());
        heard_.pop_front();
        return next;
    }

    // The next frame of this type; others are passed over. Fails when none comes.
    Frame await(FrameType type) {
        constexpr std::chrono::seconds kLimit{20};
        while (auto frame = hear(kLimit)) {
            if (frame->type == type) return std::move(*frame);
        }
        FAIL("no frame of type " << static_cast<int>(type));
        return {};
    }

    // The next acknowledgement that says that all below `sequence` is on the disk.
    Frame await_stored(std::uint32_t sequence) {
        while (true) {
            auto frame = await(FrameType::ack);
            if (frame.sequence >= sequence) return frame;
        }
    }

    // Introduces itself until it is welcome: the gateway may not have opened its end yet.
    Frame enter(const Introduction& who = {}) {
        constexpr std::chrono::milliseconds kPatience{200};
        for (int tries = 0; tries < 100; ++tries) {
            say(hello(who));
            while (auto frame = hear(kPatience)) {
                if (frame->type != FrameType::welcome) continue;
                session = frame->session;
                return std::move(*frame);
            }
        }
        FAIL("not welcome");
        return {};
    }

    std::uint16_t session = 0;

  private:
    const PseudoTerminal& line_;
    std::uint8_t address_;
    ::drivers::serial::FrameReader reader_;
    std::deque<Frame> heard_;
};

}  // namespace tests::support
