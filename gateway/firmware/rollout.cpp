#include "gateway/firmware/rollout.hpp"

#include "gateway/firmware/cause_word.hpp"
#include "gateway/firmware/fit.hpp"

#include <algorithm>
#include <utility>

namespace gateway::firmware {
namespace {

// Of the ways to say how far a device is, those that only lead on.
bool leads_on(DeviceState from, DeviceState to) {
    return to <= DeviceState::confirmed && to > from;
}

}  // namespace

Rollout::Rollout(const runtime::WallClock& clock, Identify identify)
    : clock_(clock), identify_(std::move(identify)) {}

void Rollout::restore(std::vector<Update> updates, std::vector<KnownDevice> devices) {
    for (auto& update : updates) updates_.emplace(update.number, std::move(update));
    for (auto& device : devices) devices_.emplace(device.id, std::move(device));
}

// --- commands

void Rollout::add(Update update) {
    named_.clear();  // of those that are gone too
    updates_.emplace(update.number, std::move(update));
}

Rollout::Objection Rollout::start(std::uint32_t number, Stage up_to) {
    Update* update = find(number);
    if (update == nullptr) return "unknown";
    if (update->state == UpdateState::aborted) return "aborted";
    if (has_expired(*update)) return "expired";
    if (up_to < update->stage) return "further";
    for (auto& [other_number, other] : updates_) {
        const bool is_rival = other_number != number &&
                              other.is_settings() == update->is_settings() &&
                              other.manifest.vendor == update->manifest.vendor &&
                              other.manifest.device_class == update->manifest.device_class &&
                              other.manifest.node == update->manifest.node;
        if (!is_rival || !other.is_under_way()) continue;
        if (other.sequence() > update->sequence()) return "newer-runs";
        abort(other_number);
    }
    // Who failed may try again.
    for (auto& [id, device] : devices_) {
        Step& step = device.step(update->is_settings());
        if (step.update != number || !step.has_failed()) continue;
        step = Step{};
        changed_devices_.insert(id);
    }
    update->state = UpdateState::running;
    update->up_to = up_to;
    update->why.clear();
    changed_updates_.insert(number);
    settle(number);
    return std::nullopt;
}

Rollout::Objection Rollout::abort(std::uint32_t number) {
    Update* update = find(number);
    if (update == nullptr) return "unknown";
    update->state = UpdateState::aborted;
    changed_updates_.insert(number);
    return std::nullopt;
}

void Rollout::stop(std::uint32_t number, std::string why) {
    Update* update = find(number);
    const bool is_running = update != nullptr && update->state != UpdateState::aborted;
    // What went wrong first is the reason.
    if (!is_running || update->state == UpdateState::stopped) return;
    update->state = UpdateState::stopped;
    update->why = std::move(why);
    changed_updates_.insert(number);
}

void Rollout::forget(std::uint32_t number) {
    updates_.erase(number);
    changed_updates_.erase(number);
}

// --- devices

const Update* Rollout::introduce(const Device& device) {
    KnownDevice& known = note(device);
    compare(known);
    for (const bool is_settings : {false, true}) {
        if (const Update* update = offer(known, is_settings)) return update;
    }
    return nullptr;
}

// It is heard now, and is what it says.
KnownDevice& Rollout::note(const Device& device) {
    const DeviceId id = identify_(device.source, device.name);
    const bool is_new = !devices_.contains(id);
    if (is_new) make_room();
    KnownDevice& known = devices_[id];
    const KnownDevice before = known;
    known.id = id;
    known.source = device.source;
    known.label = device.label;
    known.vendor = device.vendor;
    known.device_class = device.device_class;
    known.firmware = device.firmware;
    known.settings = device.settings;
    known.image_bytes_max = device.image_bytes_max;
    known.is_on_trial = device.is_on_trial;
    hear(known);
    const bool is_same = before.label == known.label && before.vendor == known.vendor &&
                         before.device_class == known.device_class &&
                         before.firmware == known.firmware && before.settings == known.settings &&
                         before.image_bytes_max == known.image_bytes_max &&
                         before.is_on_trial == known.is_on_trial;
    if (is_new || !is_same) changed_devices_.insert(id);
    return known;
}

// The day on which it was heard is enough for who forgets it after a month.
void Rollout::hear(KnownDevice& device) {
    const auto before = std::chrono::floor<std::chrono::days>(device.heard);
    device.heard = clock_.stamp();
    if (std::chrono::floor<std::chrono::days>(device.heard) != before)
        changed_devices_.insert(device.id);
}

// What it runs says how far it is, whatever it told before.
void Rollout::compare(KnownDevice& device) {
    for (const bool is_settings : {false, true}) {
        const Update* update = update_of(device, is_settings);
        Step& step = device.step(is_settings);
        if (update == nullptr) continue;
        if (step.state == DeviceState::confirmed) {
            // Another board under its name, or a disk that came back older.
            if (sequence_of(device, is_settings) >= update->sequence()) continue;
            step = Step{};
            changed_devices_.insert(device.id);
        }
        if (!step.is_open()) continue;
        if (is_beyond(*update, device)) {
            step = Step{};
            changed_devices_.insert(device.id);
        } else if (has(*update, device)) {
            advance(device, is_settings, DeviceState::confirmed);
        } else if (sequence_of(device, is_settings) == update->sequence()) {
            advance(device, is_settings, DeviceState::rebooted);
        } else if (step.state == DeviceState::rebooted) {
            fail(device, is_settings, DeviceState::rolled_back, {});
        }
    }
    // Who has it already makes a stage complete as well.
    for (const auto& [number, update] : updates_) {
        if (update.is_under_way() && is_for(update, device)) settle(number);
    }
}

// With another update, which it has to end first.
bool Rollout::is_busy(const Step& step) const {
    const auto other = updates_.find(step.update);
    return step.is_open() && other != updates_.end() && other->second.is_under_way();
}

const Update* Rollout::offer(KnownDevice& device, bool is_settings) {
    if (!clock_.is_trusted()) return nullptr;
    for (const auto& [number, update] : updates_) {
        if (!update.is_under_way() || update.is_settings() != is_settings) continue;
        if (!is_for(update, device) || has_expired(update) || !can_take(update, device)) continue;
        Step& step = device.step(is_settings);
        if (step.update == number) {
            const bool may_ask = step.is_open() && step.state <= DeviceState::downloading;
            if (may_ask) return &update;
            continue;
        }
        if (!may_join(update) || is_busy(step)) continue;
        step = Step{number, DeviceState::offered, {}, 0, clock_.stamp()};
        changed_devices_.insert(device.id);
        // It has something to do again.
        find(number)->state = UpdateState::running;
        changed_updates_.insert(number);
        return &update;
    }
    return nullptr;
}

void Rollout::report(const DeviceId& id, const Progress& progress) {
    const auto found = devices_.find(id);
    if (found == devices_.end()) return;
    KnownDevice& device = found->second;
    hear(device);
    Step& step = device.step(progress.is_settings);
    const Update* update = update_of(device, progress.is_settings);
    if (update == nullptr || update->sequence() != progress.update || !step.is_open()) return;
    if (progress.offset > step.offset) {
        step.offset = progress.offset;
        step.since = clock_.stamp();
    }
    switch (progress.state) {
        case DeviceState::failed:
            return fail(
                device,
                progress.is_settings,
                progress.state,
                std::string(cause_word(progress.cause))
            );
        case DeviceState::rolled_back:
            return fail(device, progress.is_settings, progress.state, {});
        case DeviceState::confirmed:
            (progress.is_settings ? device.settings : device.firmware) = progress.update;
            if (!progress.is_settings) device.is_on_trial = false;
            break;
        default:
            break;
    }
    advance(device, progress.is_settings, progress.state);
}

const Update* Rollout::image_for(const DeviceId& id, std::uint32_t sequence) const {
    const auto found = devices_.find(id);
    if (found == devices_.end() || !found->second.step(false).is_open()) return nullptr;
    const Update* update = update_of(found->second, false);
    const bool may_have =
        update != nullptr && update->is_under_way() && update->sequence() == sequence;
    return may_have ? update : nullptr;
}

void Rollout::advance(KnownDevice& device, bool is_settings, DeviceState state) {
    Step& step = device.step(is_settings);
    if (!leads_on(step.state, state)) return;
    step.state = state;
    step.since = clock_.stamp();
    changed_devices_.insert(device.id);
    settle(step.update);
}

void Rollout::fail(KnownDevice& device, bool is_settings, DeviceState state, std::string cause) {
    Step& step = device.step(is_settings);
    step.state = state;
    step.cause = std::move(cause);
    step.since = clock_.stamp();
    changed_devices_.insert(device.id);
    stop(step.update, step.cause.empty() ? "rolled-back" : step.cause);
}

// --- time

void Rollout::watch() {
    std::vector<DeviceId> forgotten;
    for (auto& [id, device] : devices_) {
        for (const bool is_settings : {false, true}) watch(device, is_settings);
        if (clock_.age(device.heard) > kForgottenAfter) forgotten.push_back(id);
    }
    for (const DeviceId& id : forgotten) forget(id);
}

void Rollout::watch(KnownDevice& device, bool is_settings) {
    Step& step = device.step(is_settings);
    if (!step.is_open()) return;
    if (step.state >= DeviceState::verified) {
        if (clock_.age(step.since) > kRebootMax)
            fail(device, is_settings, DeviceState::failed, "silent");
        return;
    }
    if (!clock_.is_trusted()) step.since = clock_.stamp();  // nothing is offered meanwhile
    const Update* update = update_of(device, is_settings);
    const bool is_over = update == nullptr || has_expired(*update);
    if (is_over || clock_.age(device.heard) > kSilenceMax) {
        step = Step{};
        changed_devices_.insert(device.id);
    } else if (update->is_under_way() && clock_.age(step.since) > kStandstillMax) {
        fail(device, is_settings, DeviceState::failed, "standstill");
    }
}

// --- whom an update is for

bool Rollout::is_for(const Update& update, const KnownDevice& device) const {
    const Manifest& manifest = update.manifest;
    if (manifest.vendor != device.vendor || manifest.device_class != device.device_class)
        return false;
    return manifest.node.empty() || device_named(device.source, manifest.node) == device.id;
}

DeviceId Rollout::device_named(const std::string& source, const std::string& node) const {
    const auto [place, is_new] = named_.try_emplace({source, node});
    if (is_new) place->second = identify_(source, node);
    return place->second;
}

bool Rollout::has_expired(const Update& update) const {
    return clock_.now() >= update.manifest.expires;
}

// --- what is remembered

Update* Rollout::find(std::uint32_t number) {
    const auto found = updates_.find(number);
    return found == updates_.end() ? nullptr : &found->second;
}

const Update* Rollout::update_of(const KnownDevice& device, bool is_settings) const {
    const auto found = updates_.find(device.step(is_settings).update);
    return found == updates_.end() ? nullptr : &found->second;
}

void Rollout::make_room() {
    if (devices_.size() < kDevicesMax) return;
    const auto oldest = std::max_element(
        devices_.begin(),
        devices_.end(),
        [&](const auto& left, const auto& right) {
            return clock_.age(left.second.heard) < clock_.age(right.second.heard);
        }
    );
    const DeviceId id = oldest->first;
    forget(id);
}

void Rollout::forget(const DeviceId& id) {
    devices_.erase(id);
    changed_devices_.erase(id);
    forgotten_.insert(id);
}

Rollout::Changes Rollout::take_changes() {
    Changes changes;
    for (const std::uint32_t number : std::exchange(changed_updates_, {}))
        changes.updates.push_back(updates_.at(number));
    for (const DeviceId& id : std::exchange(changed_devices_, {})) {
        forgotten_.erase(id);
        changes.devices.push_back(devices_.at(id));
    }
    for (const DeviceId& id : std::exchange(forgotten_, {})) changes.forgotten.push_back(id);
    return changes;
}

}  // namespace gateway::firmware
