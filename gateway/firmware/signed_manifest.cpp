#include "gateway/firmware/signed_manifest.hpp"

#include <passerelle/v1/manifest.pb.h>

#include <algorithm>
#include <limits>
#include <optional>

namespace gateway::firmware {
namespace {

namespace v1 = passerelle::v1;

constexpr std::uint32_t kFormat = 1;
constexpr std::uint32_t kIntervalMax = 86'400;  // seconds

template <class Message>
std::optional<Message> parse(std::string_view bytes) {
    Message message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    return message;
}

std::optional<Image> read_image(const v1::Manifest::Image& from) {
    Image image;
    if (from.sha256().size() != image.sha256.size()) return std::nullopt;
    if (from.size() == 0 || from.size() > Image::kBytesMax) return std::nullopt;
    image.size = from.size();
    image.sequence_min = from.sequence_min();
    std::transform(from.sha256().begin(), from.sha256().end(), image.sha256.begin(), [](char byte) {
        return static_cast<std::uint8_t>(byte);
    });
    return image;
}

std::optional<DeviceSettings> read_settings(const v1::Manifest::Settings& from) {
    const auto interval = from.reporting_interval_s();
    if (interval == 0 || interval > kIntervalMax) return std::nullopt;
    return DeviceSettings{interval};
}

bool read_content(const v1::Manifest& from, Manifest& manifest) {
    if (from.has_image()) {
        const auto image = read_image(from.image());
        if (image) manifest.content = *image;
        return image.has_value();
    }
    if (!from.has_settings()) return false;
    const auto settings = read_settings(from.settings());
    if (settings) manifest.content = *settings;
    return settings.has_value();
}

std::optional<Manifest> read(std::string_view bytes) {
    if (bytes.size() > Manifest::kBytesMax) return std::nullopt;
    const auto from = parse<v1::Manifest>(bytes);
    if (!from || from->format() != kFormat || from->sequence() == 0) return std::nullopt;
    if (from->expires_unix_s() > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
    Manifest manifest;
    manifest.vendor = from->vendor();
    manifest.device_class = from->device_class();
    manifest.node = from->node();
    manifest.sequence = from->sequence();
    manifest.expires = std::chrono::sys_seconds(std::chrono::seconds(from->expires_unix_s()));
    if (!is_word(manifest.vendor, Manifest::kWordBytesMax)) return std::nullopt;
    if (!is_word(manifest.device_class, Manifest::kWordBytesMax)) return std::nullopt;
    if (!manifest.node.empty() && !is_word(manifest.node, Manifest::kNodeBytesMax))
        return std::nullopt;
    if (!read_content(*from, manifest)) return std::nullopt;
    // There is one way to write it, and nothing in it that is not known.
    if (encode(manifest) != bytes) return std::nullopt;
    return manifest;
}

struct Envelope {
    std::string manifest;
    Signature signature{};
};

std::optional<Envelope> read_envelope(std::string_view bytes) {
    if (bytes.size() > kSignedManifestBytesMax) return std::nullopt;
    const auto from = parse<v1::SignedManifest>(bytes);
    Envelope envelope;
    if (!from || from->signature().size() != envelope.signature.size()) return std::nullopt;
    envelope.manifest = from->manifest();
    std::copy(from->signature().begin(), from->signature().end(), envelope.signature.begin());
    if (make_signed(envelope.manifest, envelope.signature) != bytes) return std::nullopt;
    return envelope;
}

bool is_signed(const Envelope& envelope, const std::vector<PublicKey>& keys) {
    return std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
        return sealing::is_signed_by(key, kManifestContext, envelope.manifest, envelope.signature);
    });
}

}  // namespace

bool is_word(std::string_view word, std::size_t bytes_max) {
    constexpr std::string_view kAllowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !word.empty() && word.size() <= bytes_max &&
           word.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string encode(const Manifest& manifest) {
    v1::Manifest to;
    to.set_format(kFormat);
    to.set_vendor(manifest.vendor);
    to.set_device_class(manifest.device_class);
    to.set_sequence(manifest.sequence);
    to.set_expires_unix_s(static_cast<std::uint64_t>(manifest.expires.time_since_epoch().count()));
    to.set_node(manifest.node);
    if (const auto* settings = std::get_if<DeviceSettings>(&manifest.content)) {
        to.mutable_settings()->set_reporting_interval_s(settings->reporting_interval_s);
    } else {
        const auto& image = std::get<Image>(manifest.content);
        to.mutable_image()->set_size(image.size);
        to.mutable_image()->set_sha256(image.sha256.data(), image.sha256.size());
        to.mutable_image()->set_sequence_min(image.sequence_min);
    }
    return to.SerializeAsString();
}

std::string make_signed(std::string manifest, const Signature& signature) {
    v1::SignedManifest envelope;
    envelope.set_manifest(std::move(manifest));
    envelope.set_signature(signature.data(), signature.size());
    return envelope.SerializeAsString();
}

model::Result<Manifest, ManifestFault> read_manifest(std::string_view signed_manifest) {
    const auto envelope = read_envelope(signed_manifest);
    if (!envelope) return ManifestFault::malformed;
    auto manifest = read(envelope->manifest);
    if (!manifest) return ManifestFault::malformed;
    return std::move(*manifest);
}

model::Result<Manifest, ManifestFault> open_manifest(
    std::string_view signed_manifest, const std::vector<PublicKey>& keys
) {
    const auto envelope = read_envelope(signed_manifest);
    if (!envelope) return ManifestFault::malformed;
    if (!is_signed(*envelope, keys)) return ManifestFault::not_signed;
    auto manifest = read(envelope->manifest);
    if (!manifest) return ManifestFault::malformed;
    return std::move(*manifest);
}

}  // namespace gateway::firmware
