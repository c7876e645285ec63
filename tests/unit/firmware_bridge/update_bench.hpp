#pragma once
#include "tests/unit/firmware_bridge/bench.hpp"
#include "tests/unit/firmware_bridge/simulated_flash.hpp"

#include <passerelle/v1/manifest.pb.h>

#include <array>
#include <map>
#include <string>

namespace firmware_bridge::test {

constexpr std::uint8_t kUpdateAsk = 0x40, kUpdateState = 0x41;
constexpr std::uint8_t kUpdateOffer = 0xc0, kUpdatePiece = 0xc1;
constexpr std::uint8_t kUpdateOver = 0xc2, kUpdateSeen = 0xc3;

using State = passerelle::v1::NodeUpdateState;

// Who answers for firmwares.
class Signer {
  public:
    Signer();
    std::string sign(const passerelle::v1::Manifest& manifest) const;  // as it is offered
    const std::array<std::uint8_t, PD_KEY_BYTES>& key() const { return public_; }

  private:
    std::array<std::uint8_t, PD_KEY_BYTES> public_{};
    std::array<std::uint8_t, 64> secret_{};
};

// An image: its sequence, so that a start of it is recognised, and noise.
std::string image_of(std::uint32_t sequence, std::size_t size);
passerelle::v1::Manifest manifest_of(std::uint32_t sequence, const std::string& image);
passerelle::v1::Manifest settings_of(std::uint32_t sequence, std::uint32_t interval_s);

// A device with two slots and a record, on one flash whose power goes in any byte of it; and what a
// gateway offers it. Images are known by their sequence: what is not one of them cannot run.
class UpdateBench {
  public:
    explicit UpdateBench(
        SimulatedFlash::Shape shape = {20, 512, 8}, std::uint32_t seed = 1, std::uint8_t address = 0
    );

    UpdateBench(const UpdateBench&) = delete;
    UpdateBench& operator=(const UpdateBench&) = delete;

    // The boot loader, and the firmware that it chose, which says HELLO.
    void start();
    std::uint8_t choose();  // of the boot loader alone

    void install(std::uint8_t slot, const std::string& image);  // as in a factory
    std::string image_in(std::uint8_t slot);  // that is whole there; empty: none that is known
    std::uint32_t running() const { return bench.firmware; }  // its sequence

    // The gateway's part: answers what the node sends now, and in this session gives the offer.
    std::vector<Frame> serve();
    void welcome();
    void offer(const std::string& signed_manifest);
    void piece(const Frame& ask);
    void seen(const Frame& state);
    void over(std::uint32_t sequence);

    // Serves and lets time pass until nothing is under way; starts when the firmware asks for it.
    // False: it did not come to an end, or the power has gone. `aside` is offered when so many
    // pieces were given: there is a part of a page then.
    bool run(const std::string& signed_manifest, const std::string& aside = {});

    Signer signer;
    SimulatedFlash flash;
    Bench bench;
    std::map<std::uint32_t, std::string> images;
    std::vector<State> states;         // what was told
    std::vector<std::uint32_t> asked;  // offsets
    std::vector<std::uint32_t> set;    // reporting intervals
    std::uint32_t restarts = 0;
    int invalid_starts = 0;  // of a slot with no image that is known and whole
    bool works = true;
    bool finishes_first = false;  // before it restarts: its messages go out, where it may wait
    bool loader_verifies = true;  // false: a control
    std::uint32_t verify_ms = 0, flash_ms = 0;  // that each call takes
    std::array<bool, 3> worn{};                 // slots and record: what takes nothing any more
    pd_update update{};
    pd_slots slots{};

  private:
    struct Part {
        UpdateBench* bench;
        std::size_t number;
        std::uint32_t first_page;
        pd_flash flash;
    };

    Part part(std::size_t number, std::uint32_t first_page, std::uint32_t pages);
    bool takes(const Part& part);  // what is programmed and erased
    void answer(const Frame& frame);
    void give(const Frame& ask);
    bool is_over(const std::string& signed_manifest) const;

    std::array<Part, 3> parts_;
    std::array<std::array<std::uint8_t, PD_KEY_BYTES>, 1> keys_;
    std::uint8_t address_;
    std::uint16_t session_ = 0;
    std::string offered_, aside_;
    int given_ = 0;  // pieces, in this run
};

State state_of(const Frame& frame);

}  // namespace firmware_bridge::test
