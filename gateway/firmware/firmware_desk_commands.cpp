// What commands ask of a FirmwareDesk.
#include "gateway/firmware/firmware_desk.hpp"
#include "gateway/firmware/rollout_report.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace gateway::firmware {

namespace asio = boost::asio;
using language::tr;

namespace {

std::string time_text(std::chrono::sys_seconds time) {
    return model::to_rfc3339(time);
}

}  // namespace

asio::awaitable<model::Result<std::uint32_t, RolloutDesk::Refusal>> FirmwareDesk::add(
    std::string signed_manifest, std::string image
) {
    if (failure_) co_return broken();
    const auto manifest = open_manifest(signed_manifest, environment_.keys);
    if (!manifest) {
        if (manifest.error() == ManifestFault::malformed)
            co_return Refusal{"malformed", tr("The file is no signed manifest.")};
        co_return Refusal{
            "not-signed",
            tr("The manifest is not signed by any of the firmware_keys of the configuration.")};
    }
    if (environment_.clock.now() >= manifest->expires) {
        co_return Refusal{
            "expired",
            tr("The manifest expired at {0}: sign it anew.", {time_text(manifest->expires)})};
    }
    const auto work = [this, &signed_manifest, &manifest, &image] {
        return store_->add(signed_manifest, *manifest, image);
    };
    const auto added = co_await thread_.run(work);
    if (!added) {
        // Nothing of it was stored, and what is stored may be as good as before.
        co_return Refusal{
            "firmware-store",
            tr("The update cannot be stored: {0}", {language::failure_words(added.error())})};
    }
    if (added->fault) co_return refusal_of(*added->fault, manifest->is_settings());
    if (added->replaced) rollout_.forget(*added->replaced);
    Update update;
    update.number = added->number;
    update.signed_manifest = signed_manifest;
    update.manifest = *manifest;
    rollout_.add(std::move(update));
    co_return added->number;
}

asio::awaitable<model::Result<void, RolloutDesk::Refusal>> FirmwareDesk::roll_out(
    std::uint32_t number, Stage up_to
) {
    if (failure_) co_return broken();
    const auto found = rollout_.updates().find(number);
    if (found == rollout_.updates().end()) co_return refusal_of("unknown", false);
    const bool is_settings = found->second.is_settings();
    if (found->second.state != UpdateState::aborted) {
        const bool is_sound = co_await has_sound_image(number);
        if (failure_) co_return broken();
        if (!is_sound) {
            rollout_.stop(number, "damaged");
            const bool is_stored = co_await store_changes();
            if (!is_stored) co_return broken();
            co_return refusal_of("damaged", is_settings);
        }
    }
    if (const auto objection = rollout_.start(number, up_to))
        co_return refusal_of(*objection, is_settings);
    const bool is_saved = co_await store_changes();
    if (!is_saved) co_return broken();
    co_return model::Result<void, Refusal>{};
}

asio::awaitable<model::Result<void, RolloutDesk::Refusal>> FirmwareDesk::abort(std::uint32_t number
) {
    if (failure_) co_return broken();
    if (const auto objection = rollout_.abort(number)) co_return refusal_of(*objection, false);
    const bool is_saved = co_await store_changes();
    if (!is_saved) co_return broken();
    co_return model::Result<void, Refusal>{};
}

// The sequence of a firmware is the number that is built into it: signed anew with a higher one, it
// would never be confirmed.
RolloutDesk::Refusal FirmwareDesk::refusal_of(
    const FirmwareStore::NotAdded& fault, bool is_settings
) const {
    if (fault.code == "size")
        return {fault.code, tr("The image has another size than its manifest says.")};
    if (fault.code == "digest")
        return {fault.code, tr("The image is not the one that its manifest was signed for.")};
    if (fault.code == "older") {
        const std::string floor = std::to_string(fault.floor);
        return {
            fault.code,
            is_settings ? tr("Settings {0} of this vendor and class were here already: sign these "
                             "with a higher sequence.",
                             {floor})
                        : tr("Firmware {0} of this vendor and class was here already: one that "
                             "was built with a higher number is needed.",
                             {floor})};
    }
    if (fault.code == "no-room")
        return {fault.code, tr("The images that are stored leave no room: abort one.")};
    return {fault.code, tr("There are too many updates: abort one.")};
}

RolloutDesk::Refusal FirmwareDesk::refusal_of(const std::string& objection, bool is_settings)
    const {
    if (objection == "unknown")
        return {
            objection, tr("There is no update of this number: see passerelle firmware status.")};
    if (objection == "aborted")
        return {
            objection,
            is_settings ? tr("The settings were withdrawn for good: sign them with a higher "
                             "sequence, and add them.")
                        : tr("The firmware was withdrawn for good: one that was built with a "
                             "higher number is needed.")};
    if (objection == "expired")
        return {
            objection,
            is_settings ? tr("The manifest has expired: sign the settings with a higher sequence, "
                             "and add them.")
                        : tr("The manifest has expired: a firmware that was built with a higher "
                             "number is needed.")};
    if (objection == "further") {
        return {
            objection,
            tr("The update has gone further than that already: give a later stage, or withdraw it."
            )};
    }
    if (objection == "damaged")
        return {objection, tr("The stored image is not the one that was signed.")};
    return {objection, tr("A newer update for the same devices is under way.")};
}

RolloutDesk::Refusal FirmwareDesk::broken() const {
    return {"firmware-store", trouble()};
}

std::map<std::uint32_t, std::string> FirmwareDesk::stops() const {
    std::map<std::uint32_t, std::string> stops;
    for (const auto& [number, update] : rollout_.updates()) {
        if (update.state == UpdateState::stopped) stops.emplace(number, stop_words(update.why));
    }
    return stops;
}

std::string FirmwareDesk::trouble() const {
    if (!failure_) return {};
    return failure_text(failure_);
}

observe::FirmwareReport FirmwareDesk::report() const {
    return rollout_report(rollout_, environment_.clock);
}

}  // namespace gateway::firmware
