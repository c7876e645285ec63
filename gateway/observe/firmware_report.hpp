#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gateway::observe {

// A device and what it was last offered. The operator knows it by its way in, its label there and
// the beginning of its stored name, which is a keyed hash.
struct FirmwareDeviceReport {
    std::string source;
    std::string label;  // "address 3"; empty: none
    std::string name;   // 8 hexadecimal digits
    std::string vendor;
    std::string device_class;
    std::uint32_t firmware = 0;  // that runs, as it says
    std::uint32_t settings = 0;  // in force, as it says; 0: none
    std::uint32_t update = 0;    // number of the update below; 0: none yet
    std::string state;           // "offered", "downloading", "verified", "rebooted", "confirmed",
                                 // "rolled-back", "failed"
    std::string cause;           // of "failed": a stable word; or empty
    std::uint32_t offset = 0;    // bytes of the image that it has
    std::int64_t heard_s = 0;    // seconds ago
};

// An update that is stored.
struct FirmwareUpdateReport {
    std::uint32_t number = 0;  // how commands name it
    std::string vendor;
    std::string device_class;
    std::uint32_t sequence = 0;
    bool is_settings = false;
    bool is_for_one = false;                 // its manifest names a node
    std::uint32_t size = 0;                  // of the image
    std::uint32_t reporting_interval_s = 0;  // of settings
    std::string expires;                     // RFC 3339, UTC
    std::string state;  // "stored", "running", "paused", "done", "stopped", "aborted", "expired"
    std::string stage;  // "one", "tenth", "all"; empty while "stored"
    std::string up_to;  // how far it goes by itself: as stage
    std::string why;    // of "stopped": a sentence; or empty
    std::uint32_t devices = 0;                      // of its vendor and class that are known
    std::map<std::string, std::uint32_t> by_state;  // of these, what was offered it
};

struct FirmwareReport {
    std::vector<FirmwareUpdateReport> updates;  // newest first
    // By source and label; one that was offered a firmware and settings is here with each of them.
    std::vector<FirmwareDeviceReport> devices;
};

}  // namespace gateway::observe
