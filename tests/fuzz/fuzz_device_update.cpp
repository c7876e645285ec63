// libFuzzer harness of the receiver of updates. An input is steps: offers, pieces, other frames of
// updates, time, starts, flash that fails or wears out. A signature is good if it begins with 1,
// and a digest is the sum of the bytes, so that much is accepted. Whatever comes, what runs is not
// written to, what is started in the place of what was confirmed has its digest, and nothing but
// what is above the floor is confirmed.
#include "firmware-bridge/device/passerelle_device.h"
#include "tests/fuzz/require.hpp"

extern "C" {
#include "firmware-bridge/device/pd_boot_state.h"
#include "firmware-bridge/device/pd_frame.h"
}

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tests::fuzz::require;

constexpr std::uint32_t kPageBytes = 512, kPages = 2, kUnitBytes = 4;
constexpr std::uint32_t kMemoryBytes = 1024, kTrialMs = 30'000;
constexpr int kStepsMax = 200;
constexpr std::uint16_t kSession = 7;
const std::string kWelcome{"\x08\x01\x12\x04node\x18\x08\x2d\x07\0\0\0", 15};
const std::string kAck{"\x08\x02\x10\x08", 4};

class Device {
  public:
    Device() {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            parts_[i] = {this, i, std::vector<std::uint8_t>(kPages * kPageBytes, 0xff)};
            flashes_[i] = {&parts_[i], kPages, kPageBytes, kUnitBytes, read, program, erase};
        }
        slots_ = {{&flashes_[0], &flashes_[1]}, &flashes_[2], {this, begin, add, end}};
        require(pd_ram_queue_init(&queue_, memory_.data(), kMemoryBytes) == PD_OK);
        start();
    }

    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    void step(std::string_view& input) {
        switch (byte(input) % 9) {
            case 0:
                receive(PD_UPDATE_OFFER, 0, piece(input));
                break;
            case 1:
                receive(
                    static_cast<std::uint8_t>(0xc0 + byte(input) % 5), byte(input), piece(input)
                );
                break;
            case 2:  // what was asked for
                receive(PD_UPDATE_PIECE, asked_, std::string(asked_bytes_, '\0'));
                break;
            case 3:
                now_ms_ += 256u * byte(input);
                break;
            case 4:
                restarts_ = true;
                break;
            case 5:
                failures_ = byte(input) % 4;
                break;
            case 6:
                receive(PD_ACK, queue_.queue.next, kAck);
                break;
            case 8:
                parts_[slot_].bytes[byte(input)] ^= 1;
                break;
            default:
                receive(PD_UPDATE_SEEN, 0, told_);
                break;
        }
        pd_poll(&link_);
        if (restarts_) start();
    }

  private:
    struct Part {
        Device* device;
        std::size_t number;
        std::vector<std::uint8_t> bytes;
    };

    static std::uint8_t byte(std::string_view& input) {
        if (input.empty()) return 0;
        const auto first = static_cast<std::uint8_t>(input.front());
        input.remove_prefix(1);
        return first;
    }

    static std::string piece(std::string_view& input) {
        const std::size_t size = std::min<std::size_t>(byte(input), PD_PAYLOAD_BYTES_MAX);
        const std::string taken{input.substr(0, size)};
        input.remove_prefix(taken.size());
        return taken;
    }

    // ---- What the firmware supplies

    static bool read(void* context, std::uint32_t address, std::uint8_t* bytes, std::uint32_t n) {
        const auto& part = *static_cast<Part*>(context);
        require(address + n <= part.bytes.size());
        std::copy_n(part.bytes.begin() + address, n, bytes);
        return true;
    }

    // What runs is not written to; some of the rest fails.
    static bool may_change(const Part& part) {
        Device& device = *part.device;
        require(device.loading_ ? part.number == 2 : part.number != device.slot_);
        if (device.failures_ == 0) return true;
        --device.failures_;
        return false;
    }

    static bool program(
        void* context, std::uint32_t address, const std::uint8_t* bytes, std::uint32_t n
    ) {
        auto& part = *static_cast<Part*>(context);
        require(address % kUnitBytes == 0 && n % kUnitBytes == 0);
        require(address + n <= part.bytes.size());
        const bool whole = may_change(part);
        for (std::uint32_t i = 0; i < (whole ? n : n / 2); ++i) part.bytes[address + i] &= bytes[i];
        return whole;
    }

    static bool erase(void* context, std::uint32_t page) {
        auto& part = *static_cast<Part*>(context);
        require(page < kPages);
        if (!may_change(part)) return false;
        std::fill_n(part.bytes.begin() + page * kPageBytes, kPageBytes, std::uint8_t{0xff});
        return true;
    }

    static void begin(void* context) { static_cast<Device*>(context)->sum_ = 0; }

    static void add(void* context, const std::uint8_t* bytes, std::size_t count) {
        auto& sum = static_cast<Device*>(context)->sum_;
        for (std::size_t i = 0; i < count; ++i) sum = static_cast<std::uint8_t>(sum + bytes[i]);
    }

    static void end(void* context, std::uint8_t* digest) {
        std::fill_n(digest, PD_DIGEST_BYTES, std::uint8_t{0});
        digest[0] = static_cast<Device*>(context)->sum_;
    }

    static bool verify(
        void*,
        const std::uint8_t* signature,
        const std::uint8_t* /*message*/,
        std::size_t count,
        const std::uint8_t* /*key*/
    ) {
        require(count <= 22 + PD_MANIFEST_BYTES_MAX);
        return signature[0] == 1;
    }

    static void set(void*, const pd_settings* settings) {
        require(settings->reporting_interval_s - 1 < PD_INTERVAL_S_MAX);
    }

    static void restart(void* context, bool) { static_cast<Device*>(context)->restarts_ = true; }

    static std::size_t write(void* context, const std::uint8_t* bytes, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) static_cast<Device*>(context)->sent(bytes[i]);
        return count;
    }

    // ---- Its life

    void start() {
        restarts_ = false;
        pd_boot_log log{};
        pd_boot_state recorded{};
        pd_boot_open(&log, &flashes_[2], &recorded);
        loading_ = true;
        slot_ = pd_boot_choose(&slots_);
        loading_ = false;
        require(slot_ < 2);
        const pd_update_config updates{
            &slots_, slot_, &key_, 1, kTrialMs, this, verify, set, nullptr, restart};
        require(pd_update_open(&update_, &updates) == PD_OK);
        const pd_boot_state& state = update_.state;
        const bool on_trial = state.running != slot_;
        const pd_image& image = on_trial ? state.update : state.confirmed[slot_];
        if (slot_ != recorded.running) require_image(image);
        firmware_ = image.sequence == 0 ? 1 : image.sequence;
        const pd_config config{
            "node",
            "v",
            "c",
            firmware_,
            0,
            {this, write, now, draw, nullptr},
            &queue_.queue,
            &update_};
        require(pd_init(&link_, &config) == PD_OK);
        const pd_reading reading{"q", nullptr, nullptr, PD_FLAG, {}};
        require(pd_readings_add(&link_, &reading, 1, 0) == PD_OK);
        pd_poll(&link_);
        receive(PD_WELCOME, queue_.queue.first, kWelcome);
        pd_poll(&link_);
    }

    void require_image(const pd_image& image) {
        std::uint8_t sum = 0;
        require(image.size >= 1 && image.size <= kPages * kPageBytes);
        for (std::uint32_t i = 0; i < image.size; ++i) {
            sum = static_cast<std::uint8_t>(sum + parts_[slot_].bytes[i]);
        }
        require(sum == image.digest[0]);
    }

    static std::uint32_t now(void* context) { return static_cast<Device*>(context)->now_ms_; }
    static std::uint32_t draw(void*) { return 7; }

    void receive(std::uint8_t type, std::uint32_t sequence, const std::string& payload) {
        std::array<std::uint8_t, PD_CONTENT_BYTES_MAX + 3> frame{};
        std::copy(payload.begin(), payload.end(), frame.begin() + 2 + PD_HEAD_BYTES);
        const pd_head head{type, 0, kSession, sequence};
        const std::uint8_t confirmed = update_.state.running;
        pd_input(&link_, frame.data(), pd_frame_close(frame.data(), &head, payload.size()));
        const pd_boot_state& state = update_.state;
        require(state.have <= state.update.size || state.stage == 0);
        if (state.running != confirmed) {
            require(state.running == slot_ && state.confirmed[slot_].sequence > floor_);
        }
        require(state.floor >= floor_);
        floor_ = state.floor;
    }

    void sent(std::uint8_t byte) {
        if (byte != 0) return frame_.push_back(byte);
        if (frame_.empty()) return;
        pd_head head{};
        std::size_t size = 0;
        require(pd_frame_open(frame_.data(), frame_.size(), &head, &size));
        const auto first = frame_.begin() + PD_HEAD_BYTES;
        const std::string payload{first, first + static_cast<std::ptrdiff_t>(size)};
        if (head.type == PD_UPDATE_ASK) {
            asked_ = head.sequence;
            const std::uint32_t left = update_.state.update.size - asked_;
            const std::uint32_t of_page = kPageBytes - asked_ % kPageBytes;
            asked_bytes_ = std::min({left, of_page, PD_PIECE_BYTES_MAX});
            require(left <= kPages * kPageBytes && asked_bytes_ > 0);
        } else if (head.type == PD_UPDATE_STATE) {
            told_ = payload;
        } else {
            require(head.type >= PD_HELLO && head.type <= PD_STATUS);
        }
        frame_.clear();
    }

    std::array<Part, 3> parts_{};
    std::array<pd_flash, 3> flashes_{};
    pd_slots slots_{};
    pd_update update_{};
    pd_ram_queue queue_{};
    pd_link link_{};
    std::array<std::uint8_t, kMemoryBytes> memory_{};
    std::uint8_t key_[PD_KEY_BYTES] = {};
    std::vector<std::uint8_t> frame_;
    std::string told_;
    std::uint32_t now_ms_ = 0, asked_ = 0, asked_bytes_ = 0, firmware_ = 1, floor_ = 0;
    std::uint32_t failures_ = 0;
    std::uint8_t slot_ = 0, sum_ = 0;
    bool restarts_ = false, loading_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    std::string_view input{reinterpret_cast<const char*>(bytes), size};
    Device device;
    for (int steps = 0; steps < kStepsMax && !input.empty(); ++steps) device.step(input);
    return 0;
}
