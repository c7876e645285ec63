#include "gateway/firmware/signed_manifest.hpp"

#include <passerelle/v1/manifest.pb.h>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace gateway::firmware {
namespace {

namespace v1 = passerelle::v1;

constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kSignedBytesMax = 242;
constexpr std::uint32_t kIntervalMax = 86400;
// The end of the year 9999: later ones have no RFC 3339.
constexpr std::uint64_t kExpiryMax = 253'402'300'799;

bool is_word(std::string_view text, std::size_t bytes_max) {
    constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return text.size() <= bytes_max && text.find_first_not_of(kLetters) == std::string_view::npos;
}

bool are_words(const v1::Manifest& sent) {
    return !sent.vendor().empty() && is_word(sent.vendor(), Manifest::kWordBytesMax) &&
           !sent.device_class().empty() && is_word(sent.device_class(), Manifest::kWordBytesMax) &&
           is_word(sent.node(), Manifest::kNodeBytesMax);
}

std::optional<std::variant<Image, DeviceSettings>> content_of(const v1::Manifest& sent) {
    if (sent.has_settings()) {
        const std::uint32_t interval = sent.settings().reporting_interval_s();
        if (interval == 0 || interval > kIntervalMax) return std::nullopt;
        return DeviceSettings{interval};
    }
    Image image;
    const std::string& digest = sent.image().sha256();
    image.size = sent.image().size();
    image.sequence_min = sent.image().sequence_min();
    const bool is_sized = image.size > 0 && image.size <= Image::kBytesMax;
    if (!sent.has_image() || !is_sized || digest.size() != image.sha256.size()) return std::nullopt;
    std::copy(digest.begin(), digest.end(), image.sha256.begin());
    return image;
}

std::optional<Manifest> manifest_of(std::string_view bytes) {
    v1::Manifest sent;
    if (bytes.size() > Manifest::kBytesMax ||
        !sent.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return std::nullopt;
    const bool is_plausible = sent.format() == kFormat && sent.sequence() > 0 &&
                              sent.expires_unix_s() <= kExpiryMax && are_words(sent);
    if (!is_plausible) return std::nullopt;
    auto content = content_of(sent);
    if (!content) return std::nullopt;
    const std::chrono::seconds expires{static_cast<std::int64_t>(sent.expires_unix_s())};
    return Manifest{
        sent.vendor(),
        sent.device_class(),
        sent.sequence(),
        std::chrono::sys_seconds{expires},
        sent.node(),
        *content};
}

// Nothing if it is beyond a bound.
std::optional<v1::SignedManifest> parse(std::string_view bytes) {
    v1::SignedManifest sent;
    if (bytes.size() > kSignedBytesMax ||
        !sent.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        sent.signature().size() != Signature{}.size())
        return std::nullopt;
    return sent;
}

const unsigned char* raw(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_signed(const v1::SignedManifest& sent, const std::vector<PublicKey>& keys) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    const std::string message = signed_bytes(sent.manifest());
    return std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
        return crypto_sign_verify_detached(
                   raw(sent.signature()), raw(message), message.size(), key.data()
               ) == 0;
    });
}

}  // namespace

model::Result<Manifest, ManifestFault> read_manifest(std::string_view signed_manifest) {
    const auto sent = parse(signed_manifest);
    if (!sent) return ManifestFault::malformed;
    auto manifest = manifest_of(sent->manifest());
    if (!manifest) return ManifestFault::malformed;
    return *std::move(manifest);
}

model::Result<Manifest, ManifestFault> open_manifest(
    std::string_view signed_manifest, const std::vector<PublicKey>& keys
) {
    const auto sent = parse(signed_manifest);
    if (!sent) return ManifestFault::malformed;
    if (!is_signed(*sent, keys)) return ManifestFault::not_signed;
    auto manifest = manifest_of(sent->manifest());
    if (!manifest) return ManifestFault::malformed;
    return *std::move(manifest);
}

std::string encode(const Manifest& manifest) {
    v1::Manifest made;
    made.set_format(kFormat);
    made.set_vendor(manifest.vendor);
    made.set_device_class(manifest.device_class);
    made.set_sequence(manifest.sequence);
    made.set_expires_unix_s(static_cast<std::uint64_t>(manifest.expires.time_since_epoch().count())
    );
    made.set_node(manifest.node);
    if (const auto* image = std::get_if<Image>(&manifest.content)) {
        made.mutable_image()->set_size(image->size);
        made.mutable_image()->set_sha256(image->sha256.data(), image->sha256.size());
        made.mutable_image()->set_sequence_min(image->sequence_min);
    } else {
        const auto& settings = std::get<DeviceSettings>(manifest.content);
        made.mutable_settings()->set_reporting_interval_s(settings.reporting_interval_s);
    }
    return made.SerializeAsString();
}

std::string signed_bytes(std::string_view manifest) {
    using namespace std::literals;
    return std::string("passerelle-manifest-1\0"sv).append(manifest);
}

std::string make_signed(std::string manifest, const Signature& signature) {
    v1::SignedManifest made;
    made.set_manifest(std::move(manifest));
    made.set_signature(signature.data(), signature.size());
    return made.SerializeAsString();
}

}  // namespace gateway::firmware
