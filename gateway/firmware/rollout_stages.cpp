// How many devices an update is offered to, and when it goes on to more.
#include "gateway/firmware/fit.hpp"
#include "gateway/firmware/rollout.hpp"

#include <algorithm>
#include <utility>

namespace gateway::firmware {
namespace {

constexpr std::size_t kTenth = 10;

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

}  // namespace

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

}  // namespace gateway::firmware
