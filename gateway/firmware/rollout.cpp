#include "gateway/firmware/rollout.hpp"

#include "gateway/firmware/cause_word.hpp"

#include <algorithm>
#include <utility>

namespace gateway::firmware {
namespace {

constexpr std::size_t kTenth = 10;

std::uint32_t sequence_of(const KnownDevice& device, bool is_settings) {
    return is_settings ? device.settings : device.firmware;
}

bool is_trying(const KnownDevice& device, bool is_settings) {
    return !is_settings && device.is_on_trial;
}

bool has(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    return sequence_of(device, is_settings) == update.sequence() && !is_trying(device, is_settings);
}

// It proves nothing about this update, and does not wait for it. A firmware on trial may be this
// update, signed with a lower number than was built into it.
bool is_beyond(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    return sequence_of(device, is_settings) > update.sequence() && !is_trying(device, is_settings);
}

bool can_take(const Update& update, const KnownDevice& device) {
    const bool is_settings = update.is_settings();
    if (device.image_bytes_max == 0 || device.is_on_trial) return false;
    if (sequence_of(device, is_settings) >= update.sequence()) return false;
    if (is_settings) return true;
    const auto& image = std::get<Image>(update.manifest.content);
    return image.size <= device.image_bytes_max && device.firmware >= image.sequence_min;
}

// How many devices a stage is for.
std::size_t limit_of(Stage stage, std::size_t candidates) {
    switch (stage) {
        case Stage::one:
            return 1;
        case Stage::tenth:
            return std::max<std::size_t>(1, (candidates + kTenth - 1) / kTenth);
        case Stage::all:
            break;
    }
    return Rollout::kDevicesMax;
}

Stage next(Stage stage) {
    return stage == Stage::one ? Stage::tenth : Stage::all;
}

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
    if (update == nullptr || update->state == UpdateState::aborted) return;
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
    if (!devices_.contains(id)) make_room();
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
    known.heard = clock_.stamp();
    const bool is_same = before.label == known.label && before.vendor == known.vendor &&
                         before.device_class == known.device_class &&
                         before.firmware == known.firmware && before.settings == known.settings &&
                         before.image_bytes_max == known.image_bytes_max &&
                         before.is_on_trial == known.is_on_trial;
    // The day on which it was heard is enough for who forgets it after a month.
    const bool is_today = before.id == id && clock_.age(before.heard) < std::chrono::hours{24};
    if (!is_same || !is_today) changed_devices_.insert(id);
    return known;
}

// What it runs says how far it is, whatever it told before.
void Rollout::compare(KnownDevice& device) {
    for (const bool is_settings : {false, true}) {
        const Update* update = update_of(device, is_settings);
        Step& step = device.step(is_settings);
        if (update == nullptr || !step.is_open()) continue;
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
    device.heard = clock_.stamp();
    Step& step = device.step(progress.is_settings);
    const Update* update = update_of(device, progress.is_settings);
    if (update == nullptr || update->sequence() != progress.update || !step.is_open()) return;
    step.offset = std::max(step.offset, progress.offset);
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
    const bool is_restarting = step.state >= DeviceState::verified;
    if (is_restarting && clock_.age(step.since) > kRebootMax)
        return fail(device, is_settings, DeviceState::failed, "silent");
    if (is_restarting || clock_.age(device.heard) <= kSilenceMax) return;
    step = Step{};
    changed_devices_.insert(device.id);
}

// --- stages

bool Rollout::is_for(const Update& update, const KnownDevice& device) const {
    const Manifest& manifest = update.manifest;
    if (manifest.vendor != device.vendor || manifest.device_class != device.device_class)
        return false;
    return manifest.node.empty() || identify_(device.source, manifest.node) == device.id;
}

bool Rollout::has_expired(const Update& update) const {
    return clock_.now() >= update.manifest.expires;
}

Rollout::Tally Rollout::count(const Update& update) const {
    Tally tally;
    for (const auto& [id, device] : devices_) {
        if (device.image_bytes_max == 0 || !is_for(update, device)) continue;
        if (is_beyond(update, device)) continue;
        const Step& step = device.step(update.is_settings());
        ++tally.candidates;
        if (has(update, device))
            ++tally.confirmed;
        else if (step.update == update.number && step.is_open())
            ++tally.open;
        else if (can_take(update, device))
            ++tally.waiting;
    }
    return tally;
}

bool Rollout::may_join(const Update& update) const {
    const Tally tally = count(update);
    return tally.open + tally.confirmed < limit_of(update.stage, tally.candidates);
}

// A stage that is complete is followed by the next, as far as this update is to go by itself.
void Rollout::settle(std::uint32_t number) {
    Update* update = find(number);
    if (update == nullptr || !update->is_under_way()) return;
    const Tally tally = count(*update);
    const auto before = std::make_pair(update->state, update->stage);
    update->state = UpdateState::running;
    while (tally.open == 0 && tally.confirmed > 0) {
        const bool is_complete = update->stage == Stage::all
                                     ? tally.waiting == 0
                                     : tally.confirmed >= limit_of(update->stage, tally.candidates);
        if (!is_complete) break;
        if (update->stage >= update->up_to) {
            update->state = update->stage == Stage::all ? UpdateState::done : UpdateState::paused;
            break;
        }
        update->stage = next(update->stage);
    }
    if (before != std::make_pair(update->state, update->stage)) changed_updates_.insert(number);
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
