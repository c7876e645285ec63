// libFuzzer harness of what a node on a serial line receives. An input is a byte that says whether
// it is on a bus, and steps: raw bytes, frames that check, time that passes, readings. Whatever
// comes, what the node sends are whole frames, of messages that wait, no more than the window. Only
// on a bus is a frame left unfinished: when a pause has ended the node's turn.
#include "firmware-bridge/device/passerelle_device.h"
#include "tests/fuzz/require.hpp"

extern "C" {
#include "firmware-bridge/device/pd_frame.h"
}

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using tests::fuzz::require;

constexpr std::uint8_t kAddress = 9;
constexpr std::uint32_t kIncarnation = 7;
constexpr std::uint32_t kMemoryBytes = 1024;
constexpr int kStepsMax = 200;

class Input {
  public:
    explicit Input(std::string_view bytes) : bytes_{bytes} {}

    bool at_end() const { return bytes_.empty(); }

    std::uint8_t byte() {
        if (bytes_.empty()) return 0;
        const auto first = static_cast<std::uint8_t>(bytes_.front());
        bytes_.remove_prefix(1);
        return first;
    }

    std::uint16_t word() {
        const unsigned low = byte();
        return static_cast<std::uint16_t>(low | static_cast<unsigned>(byte()) << 8);
    }

    std::string_view piece(std::size_t size_max) {
        const std::string_view piece = bytes_.substr(0, std::min<std::size_t>(byte(), size_max));
        bytes_.remove_prefix(std::min(piece.size(), bytes_.size()));
        return piece;
    }

  private:
    std::string_view bytes_;
};

class Node {
  public:
    explicit Node(std::uint8_t address) : address_{address} {
        require(pd_ram_queue_init(&queue_, memory_.data(), kMemoryBytes) == PD_OK);
        const pd_config config{
            "node", "", "", 1, address, {this, write, now, draw, nullptr}, &queue_.queue, nullptr};
        require(pd_init(&link_, &config) == PD_OK);
    }

    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void step(Input& input) {
        switch (input.byte() % 8) {
            case 0:
                receive(input.piece(255));
                break;
            case 1:
                receive_frame(input, input.byte(), input.word());
                break;
            case 2:
                receive_frame(input, 0x81, input.word());
                break;
            case 3:
                receive_frame(input, 0x82, link_.session);
                break;
            case 4:
                receive_frame(input, 0x86, link_.session);
                break;
            case 5:
                now_ms_ += input.word();
                break;
            case 6:
                add(input.byte());
                break;
            default:
                room_ = input.byte();
                break;
        }
        pd_poll(&link_);
        check();
    }

  private:
    static std::size_t write(void* context, const std::uint8_t* bytes, std::size_t count) {
        auto& node = *static_cast<Node*>(context);
        const std::size_t taken = std::min<std::size_t>(count, node.room_);
        if (taken == 0) return 0;
        node.forget_unfinished_frame();
        for (std::size_t i = 0; i < taken; ++i) node.sent(bytes[i]);
        return taken;
    }

    static std::uint32_t now(void* context) { return static_cast<Node*>(context)->now_ms_; }
    static std::uint32_t draw(void*) { return kIncarnation; }

    void receive(std::string_view bytes) {
        pd_input(&link_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }

    // Of numbers near those that mean something.
    void receive_frame(Input& input, std::uint8_t type, std::uint16_t session) {
        std::array<std::uint8_t, PD_CONTENT_BYTES_MAX + 3> frame{};
        const auto near = static_cast<std::int8_t>(input.byte());
        const std::uint32_t sequence = queue_.queue.first + static_cast<std::uint32_t>(near);
        const std::string_view payload = input.piece(PD_PAYLOAD_BYTES_MAX);
        std::copy(payload.begin(), payload.end(), frame.begin() + 2 + PD_HEAD_BYTES);
        const pd_head head{type, address_, session, sequence};
        const std::size_t size = pd_frame_close(frame.data(), &head, payload.size());
        pd_input(&link_, frame.data(), size);
    }

    void add(std::uint8_t count) {
        std::array<pd_reading, 4> readings{};
        for (pd_reading& reading : readings) {
            reading.quantity = "water.volume";
            reading.value.decimal.mantissa = now_ms_;
        }
        require(pd_readings_add(&link_, readings.data(), 1 + count % 4, 0) == PD_OK);
    }

    void forget_unfinished_frame() {
        const bool turn_ended = now_ms_ - written_at_ms_ > PD_TURN_PAUSE_MS;
        if (address_ != 0 && turn_ended && link_.frame_sent == 0) frame_.clear();
        written_at_ms_ = now_ms_;
    }

    void sent(std::uint8_t byte) {
        if (byte != 0) {
            frame_.push_back(byte);
            require(frame_.size() <= PD_CONTENT_BYTES_MAX + 1);
            return;
        }
        if (frame_.empty()) return;
        pd_head head{};
        std::size_t size = 0;
        require(pd_frame_open(frame_.data(), frame_.size(), &head, &size));
        require(head.address == address_);
        require(head.type >= 1 && head.type <= 4);
        frame_.clear();
    }

    void check() const {
        const pd_queue& queue = queue_.queue;
        require(queue.first <= queue.next && queue.first >= 1);
        require(queue.incarnation != 0);
        require(link_.window <= PD_WINDOW_MAX);
        if (link_.session == 0) return;
        require(link_.acknowledged <= link_.send_next && link_.send_next <= link_.sent_end);
        require(link_.sent_end <= queue.next);
        require(link_.sent_end - link_.acknowledged <= PD_WINDOW_MAX);
    }

    std::uint8_t address_;
    std::uint32_t now_ms_ = 0;
    std::uint32_t written_at_ms_ = 0;
    std::size_t room_ = 300;
    std::vector<std::uint8_t> frame_;
    std::array<std::uint8_t, kMemoryBytes> memory_{};
    pd_ram_queue queue_{};
    pd_link link_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Input input{{reinterpret_cast<const char*>(bytes), size}};
    Node node{(input.byte() & 1) != 0 ? kAddress : std::uint8_t{0}};
    for (int steps = 0; steps < kStepsMax && !input.at_end(); ++steps) node.step(input);
    return 0;
}
