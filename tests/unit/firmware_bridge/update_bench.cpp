#include "update_bench.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

namespace firmware_bridge::test {

namespace {

constexpr std::uint32_t kRecordPages = 3;
constexpr std::uint32_t kTrialMs = 60'000;
constexpr std::uint32_t kTurnMs = 100;
constexpr int kTurnsMax = 3000;
constexpr int kPiecesBefore = 2;
constexpr std::uint64_t kFarAway = 4'000'000'000;
const std::string kContext{"passerelle-manifest-1\0", 22};

const std::uint8_t* bytes_of(const std::string& text) {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

bool verify(
    void* context,
    const std::uint8_t* signature,
    const std::uint8_t* message,
    std::size_t count,
    const std::uint8_t* key
) {
    auto& node = *static_cast<UpdateBench*>(context);
    node.bench.now_ms += node.verify_ms;
    return crypto_sign_verify_detached(signature, message, count, key) == 0;
}

crypto_hash_sha256_state& hash() {
    static crypto_hash_sha256_state state;
    return state;
}

void digest_begin(void*) {
    crypto_hash_sha256_init(&hash());
}

void digest_add(void*, const std::uint8_t* bytes, std::size_t count) {
    crypto_hash_sha256_update(&hash(), bytes, count);
}

void digest_end(void*, std::uint8_t* digest) {
    crypto_hash_sha256_final(&hash(), digest);
}

passerelle::v1::Manifest about(std::uint32_t sequence) {
    passerelle::v1::Manifest manifest;
    manifest.set_format(1);
    manifest.set_vendor("Acme");
    manifest.set_device_class("board-a");
    manifest.set_sequence(sequence);
    manifest.set_expires_unix_s(kFarAway);
    return manifest;
}

std::uint32_t sequence_of(const std::string& image) {
    const auto byte = [&](std::size_t i) {
        return std::uint32_t{static_cast<std::uint8_t>(image[i])};
    };
    return byte(0) | byte(1) << 8;
}

}  // namespace

Signer::Signer() {
    std::array<std::uint8_t, crypto_sign_SEEDBYTES> seed{};
    REQUIRE(sodium_init() >= 0);
    crypto_sign_seed_keypair(public_.data(), secret_.data(), seed.data());
}

std::string Signer::sign(const passerelle::v1::Manifest& manifest) const {
    const std::string bytes = manifest.SerializeAsString();
    const std::string message = kContext + bytes;
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(
        reinterpret_cast<std::uint8_t*>(signature.data()),
        nullptr,
        bytes_of(message),
        message.size(),
        secret_.data()
    );
    passerelle::v1::SignedManifest whole;
    whole.set_manifest(bytes);
    whole.set_signature(signature);
    return whole.SerializeAsString();
}

std::string image_of(std::uint32_t sequence, std::size_t size) {
    std::mt19937 random{sequence};
    std::string image(size, '\0');
    for (char& byte : image) byte = static_cast<char>(random());
    image[0] = static_cast<char>(sequence);
    image[1] = static_cast<char>(sequence >> 8);
    return image;
}

passerelle::v1::Manifest manifest_of(std::uint32_t sequence, const std::string& image) {
    auto manifest = about(sequence);
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(
        reinterpret_cast<std::uint8_t*>(digest.data()), bytes_of(image), image.size()
    );
    manifest.mutable_image()->set_size(static_cast<std::uint32_t>(image.size()));
    manifest.mutable_image()->set_sha256(digest);
    return manifest;
}

passerelle::v1::Manifest settings_of(std::uint32_t sequence, std::uint32_t interval_s) {
    auto manifest = about(sequence);
    manifest.mutable_settings()->set_reporting_interval_s(interval_s);
    return manifest;
}

State state_of(const Frame& frame) {
    State state;
    REQUIRE(frame.type == kUpdateState);
    REQUIRE(state.ParseFromString(frame.payload));
    return state;
}

bool UpdateBench::takes(const Part& part) {
    bench.now_ms += flash_ms;
    return !worn[part.number];
}

UpdateBench::Part UpdateBench::part(
    std::size_t number, std::uint32_t first_page, std::uint32_t pages
) {
    Part part{this, number, first_page, *flash.get()};
    part.flash.pages = pages;
    part.flash.read = [](void* context, std::uint32_t address, std::uint8_t* bytes, std::uint32_t n
                      ) {
        const auto& self = *static_cast<Part*>(context);
        const pd_flash& whole = *self.bench->flash.get();
        return address + n <= self.flash.pages * whole.page_bytes &&
               whole.read(whole.context, self.first_page * whole.page_bytes + address, bytes, n);
    };
    part.flash.program = [](void* context,
                            std::uint32_t address,
                            const std::uint8_t* bytes,
                            std::uint32_t n) {
        const auto& self = *static_cast<Part*>(context);
        const pd_flash& whole = *self.bench->flash.get();
        return self.bench->takes(self) &&
               whole.program(whole.context, self.first_page * whole.page_bytes + address, bytes, n);
    };
    part.flash.erase = [](void* context, std::uint32_t page) {
        const auto& self = *static_cast<Part*>(context);
        const pd_flash& whole = *self.bench->flash.get();
        return self.bench->takes(self) && whole.erase(whole.context, self.first_page + page);
    };
    return part;
}

UpdateBench::UpdateBench(SimulatedFlash::Shape shape, std::uint32_t seed, std::uint8_t address)
    : flash{shape, seed}, bench{address}, keys_{{signer.key()}}, address_{address} {
    const std::uint32_t of_slot = (shape.pages - kRecordPages) / 2;
    parts_ = {part(0, 0, of_slot), part(1, of_slot, of_slot), part(2, 2 * of_slot, kRecordPages)};
    for (Part& each : parts_) each.flash.context = &each;
    slots = {
        {&parts_[0].flash, &parts_[1].flash},
        &parts_[2].flash,
        {nullptr, digest_begin, digest_add, digest_end}};
    images[3] = image_of(3, 1500);
    install(0, images[3]);
    bench.update = &update;
}

void UpdateBench::install(std::uint8_t slot, const std::string& image) {
    const std::size_t first = std::size_t{parts_[slot].first_page} * flash.get()->page_bytes;
    std::copy(image.begin(), image.end(), flash.bytes().begin() + static_cast<long>(first));
}

std::string UpdateBench::image_in(std::uint8_t slot) {
    const std::size_t first = std::size_t{parts_[slot].first_page} * flash.get()->page_bytes;
    const auto begin = flash.bytes().begin() + static_cast<long>(first);
    const auto found = images.find(sequence_of({begin, begin + 2}));
    if (found == images.end()) return {};
    const std::string there{begin, begin + static_cast<long>(found->second.size())};
    return there == found->second ? there : std::string{};
}

std::uint8_t UpdateBench::choose() {
    pd_slots seen = slots;
    if (loader_verifies) return pd_boot_choose(&seen);
    // Whatever the slot holds is taken for what the record wants.
    seen.digest.end = [](void* context, std::uint8_t* digest) {
        std::copy_n(static_cast<UpdateBench*>(context)->update.state.update.digest, 32, digest);
    };
    seen.digest.context = this;
    return pd_boot_choose(&seen);
}

void UpdateBench::start() {
    const std::uint8_t slot = choose();
    const std::string image = image_in(slot);
    invalid_starts += image.empty() && !flash.is_off();
    bench.firmware = image.empty() ? 0 : sequence_of(image);
    const pd_update_config config{
        &slots,
        slot,
        reinterpret_cast<const std::uint8_t(*)[PD_KEY_BYTES]>(keys_.data()),
        1,
        kTrialMs,
        this,
        verify,
        [](void* context, const pd_settings* settings) {
            static_cast<UpdateBench*>(context)->set.push_back(settings->reporting_interval_s);
        },
        [](void* context) { return static_cast<UpdateBench*>(context)->works; },
        [](void* context, bool must) {
            auto& node = *static_cast<UpdateBench*>(context);
            const bool waits = node.finishes_first && pd_waiting(&node.bench.link) > 0;
            node.restarts += must || !waits;
        }};
    REQUIRE(pd_update_open(&update, &config) == PD_OK);
    bench.boot();
    session_ = 0;
    if (offered_.empty()) return;
    bench.add(1);
}

void UpdateBench::welcome() {
    bench.welcome(session_ = 7, bench.queue.queue.first);
}

void UpdateBench::offer(const std::string& signed_manifest) {
    bench.receive({kUpdateOffer, address_, session_, 0, signed_manifest});
}

void UpdateBench::piece(const Frame& ask) {
    passerelle::v1::NodeUpdateAsk asks;
    REQUIRE(asks.ParseFromString(ask.payload));
    REQUIRE(asks.size() <= PD_PIECE_BYTES_MAX);
    const std::string& image = images.at(asks.update());
    REQUIRE(ask.sequence + asks.size() <= image.size());
    bench.receive(
        {kUpdatePiece, address_, session_, ask.sequence, image.substr(ask.sequence, asks.size())}
    );
}

void UpdateBench::seen(const Frame& state) {
    bench.receive({kUpdateSeen, address_, session_, state_of(state).update(), state.payload});
}

void UpdateBench::over(std::uint32_t sequence) {
    bench.receive({kUpdateOver, address_, session_, sequence, {}});
}

void UpdateBench::give(const Frame& ask) {
    asked.push_back(ask.sequence);
    piece(ask);
    if (++given_ == kPiecesBefore && !aside_.empty()) offer(aside_);
}

void UpdateBench::answer(const Frame& frame) {
    if (frame.type == kHello) {
        welcome();
        if (!offered_.empty()) offer(offered_);
    } else if (frame.type == kReadings) {
        bench.receive(bench.ack(frame.sequence + 1, frame.sequence + 1));
    } else if (frame.type == kStatus) {
        bench.receive(bench.ack(frame.sequence, frame.sequence));
    } else if (frame.type == kUpdateAsk) {
        give(frame);
    } else if (frame.type == kUpdateState) {
        states.push_back(state_of(frame));
        seen(frame);
    }
}

std::vector<Frame> UpdateBench::serve() {
    const std::vector<Frame> frames = bench.poll();
    for (const Frame& frame : frames) answer(frame);
    return frames;
}

bool UpdateBench::is_over(const std::string& signed_manifest) const {
    passerelle::v1::SignedManifest whole;
    passerelle::v1::Manifest manifest;
    REQUIRE(whole.ParseFromString(signed_manifest));
    REQUIRE(manifest.ParseFromString(whole.manifest()));
    return !states.empty() && states.back().update() == manifest.sequence() &&
           states.back().state() >= State::CONFIRMED;
}

bool UpdateBench::run(const std::string& signed_manifest, const std::string& aside) {
    offered_ = signed_manifest;
    aside_ = aside;
    given_ = 0;
    states.clear();
    if (session_ != 0) offer(offered_);
    for (int turns = 0; turns < kTurnsMax && !flash.is_off(); ++turns) {
        const std::uint32_t before = restarts;
        serve();
        if (flash.is_off()) break;
        if (restarts != before) start();
        if (flash.is_off()) break;
        if (is_over(signed_manifest)) return true;
        bench.now_ms += kTurnMs;
    }
    return false;
}

}  // namespace firmware_bridge::test
