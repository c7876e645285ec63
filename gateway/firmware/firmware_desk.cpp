#include "gateway/firmware/firmware_desk.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace gateway::firmware {

namespace asio = boost::asio;
using language::tr;

namespace {

constexpr std::chrono::minutes kWatchInterval{1};

constexpr std::size_t kEtagBytes = 8;

std::string etag_of(const Update& update) {
    const auto* image = std::get_if<Image>(&update.manifest.content);
    if (image == nullptr) return {};
    return {image->sha256.begin(), image->sha256.begin() + kEtagBytes};
}

std::uint32_t image_size(const Update& update) {
    const auto* image = std::get_if<Image>(&update.manifest.content);
    return image == nullptr ? 0 : image->size;
}

}  // namespace

FirmwareDesk::FirmwareDesk(Environment environment, std::string path)
    : environment_(std::move(environment)),
      path_(std::move(path)),
      rollout_(environment_.clock, environment_.identify),
      rate_(environment_.clock) {
    auto store = FirmwareStore::open(path_);
    if (!store) {
        note_failure(store.error());
        return;
    }
    auto content = (*store)->load(environment_.clock.stamp());
    if (!content) {
        note_failure(content.error());
        return;
    }
    store_ = std::move(*store);
    rollout_.restore(std::move(content->updates), std::move(content->devices));
}

FirmwareDesk::~FirmwareDesk() {
    thread_.join();
}

void FirmwareDesk::note_failure(const boost::system::error_code& why) {
    if (!failure_) {
        environment_.log.error("firmware-store", failure_text(why));
    }
    failure_ = why;
}

std::string FirmwareDesk::failure_text(const boost::system::error_code& why) const {
    return tr(
        "There are no updates of devices: {0} cannot be read or written ({1}). See to the "
        "disk and restart the gateway; if that does not help, stop it, move the file away, "
        "start it again and add the updates anew.",
        {path_, language::failure_words(why)}
    );
}

// True when everything that was decided so far is on the disk.
asio::awaitable<bool> FirmwareDesk::store_changes() {
    if (failure_) co_return false;
    const auto work = [this, changes = rollout_.take_changes()]() -> model::Result<void> {
        if (changes.empty()) return {};  // behind what is being written
        return store_->write(changes);
    };
    const auto written = co_await thread_.run(work);
    if (!written) note_failure(written.error());
    // What is behind a write that failed says nothing by itself.
    co_return written.has_value() && !failure_;
}

// --- devices

asio::awaitable<std::optional<Offer>> FirmwareDesk::introduce(Device device) {
    if (failure_) co_return std::nullopt;
    std::optional<Offer> offer;
    if (const Update* update = rollout_.introduce(device)) offer = offer_of(*update);
    const bool is_saved = co_await store_changes();
    if (!is_saved) co_return std::nullopt;
    co_return offer;
}

// Verified again: what the disk gives back may not be what it was given.
std::optional<Offer> FirmwareDesk::offer_of(const Update& update) {
    const auto manifest = open_manifest(update.signed_manifest, environment_.keys);
    if (!manifest) {
        rollout_.stop(update.number, "not-signed");
        return std::nullopt;
    }
    Offer offer;
    offer.update = manifest->sequence;
    offer.is_settings = manifest->is_settings();
    offer.signed_manifest = update.signed_manifest;
    offer.etag = etag_of(update);
    offer.image_size = image_size(update);
    return offer;
}

asio::awaitable<model::Result<std::string, Depot::NoPiece>> FirmwareDesk::piece(
    std::string source,
    std::string name,
    std::uint32_t update,
    std::uint32_t offset,
    std::size_t size
) {
    const DeviceId id = environment_.identify(source, name);
    if (failure_) co_return NoPiece::disk;
    const Update* found = rollout_.image_for(id, update);
    if (found == nullptr || offset >= image_size(*found)) co_return NoPiece::unknown;
    if (!rate_.may_take(id, std::min(size, kPieceBytesMax))) co_return NoPiece::rate;
    // The update itself may be gone when the disk has answered.
    const std::uint32_t number = found->number;
    rollout_.report(id, {update, false, DeviceState::downloading, 0, offset});
    const bool is_saved = co_await store_changes();
    if (!is_saved) co_return NoPiece::disk;
    const auto work = [this, number, offset, size] {
        return store_->piece(number, offset, std::min(size, kPieceBytesMax));
    };
    auto bytes = co_await thread_.run(work);
    if (bytes && !bytes->empty()) co_return std::move(*bytes);
    const bool is_readable = bytes.has_value() || bytes.error() == buffer::Errc::damaged;
    if (!is_readable) {
        note_failure(bytes.error());
        co_return NoPiece::disk;
    }
    rollout_.stop(number, "damaged");
    const bool is_told = co_await store_changes();
    co_return is_told ? NoPiece::unknown : NoPiece::disk;
}

asio::awaitable<bool> FirmwareDesk::report(
    std::string source, std::string name, Progress progress
) {
    if (failure_) co_return false;
    rollout_.report(environment_.identify(source, name), progress);
    const bool is_saved = co_await store_changes();
    co_return is_saved;
}

// --- time

asio::awaitable<void> FirmwareDesk::keep_watch() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    std::vector<std::uint32_t> under_way;
    for (const auto& [number, update] : rollout_.updates()) {
        if (update.is_under_way()) under_way.push_back(number);
    }
    for (const std::uint32_t number : under_way) {
        const bool is_sound = co_await has_sound_image(number);
        if (!is_sound && !failure_) rollout_.stop(number, "damaged");
    }
    while (!failure_) {
        rollout_.watch();
        const bool is_saved = co_await store_changes();
        if (!is_saved) break;
        timer.expires_after(kWatchInterval);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

asio::awaitable<bool> FirmwareDesk::has_sound_image(std::uint32_t number) {
    const auto found = rollout_.updates().find(number);
    if (failure_ || found == rollout_.updates().end()) co_return false;
    const auto* image = std::get_if<Image>(&found->second.manifest.content);
    if (image == nullptr) co_return true;
    const auto work = [this, number, image = *image] { return store_->is_sound(number, image); };
    const auto is_sound = co_await thread_.run(work);
    if (!is_sound) note_failure(is_sound.error());
    co_return is_sound.has_value() && *is_sound;
}

}  // namespace gateway::firmware
