// What a FirmwareStore holds when it is opened.
#include "gateway/buffer/error.hpp"
#include "gateway/firmware/firmware_store.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace gateway::firmware {

using runtime::WallClock;

namespace {

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

DeviceId id_of(std::span<const std::byte> bytes) {
    DeviceId id{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), id.size()), id.begin());
    return id;
}

// A number of the disk as one of an enumeration that ends with `last`.
template <class Value>
Value value_of(std::int64_t number, Value last) {
    return static_cast<Value>(std::clamp<std::int64_t>(number, 0, static_cast<std::int64_t>(last)));
}

}  // namespace

model::Result<FirmwareStore::Content> FirmwareStore::load(WallClock::Instant now) {
    Content content;
    auto updates = load_updates();
    if (!updates) return updates.error();
    auto devices = load_devices(now);
    if (!devices) return devices.error();
    content.updates = std::move(*updates);
    content.devices = std::move(*devices);
    return content;
}

model::Result<std::vector<Update>> FirmwareStore::load_updates() {
    std::vector<Update> updates;
    buffer::SqliteStatement all(
        connection_,
        "SELECT number, manifest, state, stage, up_to, why FROM release ORDER BY number"
    );
    auto rows = all.query();
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) return updates;
        Update update;
        update.number = static_cast<std::uint32_t>(rows.integer(0));
        update.signed_manifest = text_of(rows.blob(1));
        auto manifest = read_manifest(update.signed_manifest);
        if (!manifest) return buffer::Errc::damaged;
        update.manifest = std::move(*manifest);
        update.state = value_of(rows.integer(2), UpdateState::aborted);
        update.stage = value_of(rows.integer(3), Stage::all);
        update.up_to = value_of(rows.integer(4), Stage::all);
        update.why = rows.text(5);
        updates.push_back(std::move(update));
    }
}

model::Result<std::vector<KnownDevice>> FirmwareStore::load_devices(WallClock::Instant now) {
    std::vector<KnownDevice> devices;
    buffer::SqliteStatement all(
        connection_,
        "SELECT id, source, label, vendor, class, firmware, settings, bytes_max, on_trial, heard "
        "FROM device ORDER BY id"
    );
    auto rows = all.query();
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        KnownDevice device;
        device.id = id_of(rows.blob(0));
        device.source = rows.text(1);
        device.label = rows.text(2);
        device.vendor = rows.text(3);
        device.device_class = rows.text(4);
        device.firmware = static_cast<std::uint32_t>(rows.integer(5));
        device.settings = static_cast<std::uint32_t>(rows.integer(6));
        device.image_bytes_max = static_cast<std::uint32_t>(rows.integer(7));
        device.is_on_trial = rows.integer(8) != 0;
        const WallClock::Instant heard{WallClock::Duration{rows.integer(9)}};
        device.heard = runtime::is_since_boot(heard) ? now : heard;
        devices.push_back(std::move(device));
    }
    if (auto loaded = load_steps(devices, now); !loaded) return loaded.error();
    return devices;
}

model::Result<void> FirmwareStore::load_steps(
    std::vector<KnownDevice>& devices, WallClock::Instant now
) {
    std::map<DeviceId, KnownDevice*> by_id;
    for (auto& device : devices) by_id[device.id] = &device;
    buffer::SqliteStatement all(
        connection_, "SELECT device, kind, release, state, cause, offset FROM step"
    );
    auto rows = all.query();
    while (true) {
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) return {};
        const auto found = by_id.find(id_of(rows.blob(0)));
        if (found == by_id.end()) continue;
        Step& step = found->second->step(rows.integer(1) != 0);
        step.update = static_cast<std::uint32_t>(rows.integer(2));
        step.state = value_of(rows.integer(3), DeviceState::failed);
        step.cause = rows.text(4);
        step.offset = static_cast<std::uint32_t>(rows.integer(5));
        step.since = now;
    }
}

}  // namespace gateway::firmware
