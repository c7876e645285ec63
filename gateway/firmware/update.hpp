#pragma once
#include "gateway/firmware/manifest.hpp"
#include "gateway/firmware/rollout_desk.hpp"

#include <cstdint>
#include <string>

namespace gateway::firmware {

// The numbers are stored.
enum class UpdateState : std::uint8_t {
    stored = 0,   // waits for somebody to roll it out
    running = 1,  // some devices still have to take it
    paused = 2,   // as far as it was to go by itself
    done = 3,     // every device has it; one that comes later gets it too
    stopped = 4,  // something went wrong: `why`
    aborted = 5   // withdrawn for good; its image is gone
};

// What was stored, and how far it has gone.
struct Update {
    std::uint32_t number = 0;  // how commands name it
    std::string signed_manifest;
    Manifest manifest;  // what is in it
    UpdateState state = UpdateState::stored;
    Stage stage = Stage::one;
    Stage up_to = Stage::all;
    std::string why;  // of a stop: a stable word

    std::uint32_t sequence() const { return manifest.sequence; }
    bool is_settings() const { return manifest.is_settings(); }
    bool is_under_way() const {
        return state == UpdateState::running || state == UpdateState::done;
    }
};

}  // namespace gateway::firmware
