#pragma once
#include "gateway/model/refusal.hpp"
#include "gateway/model/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace gateway::firmware {

// A device as it introduced itself. Its name may be personal: it is never logged, and on the disk
// it is a keyed hash.
struct Device {
    std::string source;  // name of the way in
    std::string label;   // what the operator may see of it: "address 3"; empty: nothing
    std::string name;    // authenticated, or of a wire
    std::string vendor;
    std::string device_class;
    std::uint32_t firmware = 0;         // sequence of the one that runs
    std::uint32_t settings = 0;         // sequence of those in force; 0: none
    std::uint32_t image_bytes_max = 0;  // 0: it takes no updates
    bool is_on_trial = false;           // its firmware is not confirmed yet
};

// What a device has to be offered.
struct Offer {
    std::uint32_t update = 0;  // sequence of the manifest
    bool is_settings = false;
    std::string signed_manifest;  // SignedManifest of proto/passerelle/v1
    std::string etag;             // of the image: the beginning of its digest, 8 bytes
    std::uint32_t image_size = 0;
};

enum class DeviceState : std::uint8_t {
    offered,
    downloading,
    verified,
    rebooted,  // runs it, on trial
    confirmed,
    rolled_back,
    failed
};

// What a device says of an update.
struct Progress {
    std::uint32_t update = 0;
    bool is_settings = false;
    DeviceState state{};
    std::uint32_t cause = 0;   // NodeUpdateState.Cause
    std::uint32_t offset = 0;  // bytes that it has
};

// What the ways in ask about the firmware of devices. On the reactor. A device that was not
// introduced in this run is answered with nothing.
class Depot {
  public:
    static constexpr std::size_t kPieceBytesMax = 1024;

    virtual ~Depot() = default;

    // Said at every HELLO, and at every question of a CoAP device: what is learnt from it (a
    // firmware that runs on trial, one that came back) is on the disk when this answers. The offer
    // was verified again just now; nothing: it has what it should have, or it is not its turn.
    virtual boost::asio::awaitable<std::optional<Offer>> introduce(Device device) = 0;

    // A piece of the image of an update that this device was offered; shorter at the end of the
    // image. Faults: `unknown` (withdrawn, or never offered to it), `rate` (too much of it in this
    // time: ask again after a second), `disk` (it fails: what the device has is still good).
    enum class NoPiece : std::uint8_t { unknown, rate, disk };
    virtual boost::asio::awaitable<model::Result<std::string, NoPiece>> piece(
        std::string source,
        std::string name,
        std::uint32_t update,
        std::uint32_t offset,
        std::size_t size
    ) = 0;

    // What a device says: true when it is on the disk. False: it is not, the device should say it
    // again.
    virtual boost::asio::awaitable<bool> report(
        std::string source, std::string name, Progress progress
    ) = 0;
};

}  // namespace gateway::firmware
