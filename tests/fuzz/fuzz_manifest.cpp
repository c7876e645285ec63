// libFuzzer harness of what comes to be an update. An input's first byte says what the rest is: a
// manifest in its envelope, which nobody has signed; a manifest, which is signed here with the only
// key there is; or the body of a command of `passerelle firmware`. Nothing unsigned may be taken,
// and what is taken has one way to be written.
#include "gateway/firmware/messages.hpp"
#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/runtime/key_text.hpp"
#include "tests/fuzz/require.hpp"

#include <sodium.h>

namespace {

using namespace gateway;
using namespace gateway::firmware;
using tests::fuzz::require;

// The city of all inputs.
struct City {
    City() { require(sodium_init() >= 0 && runtime::parse_key(keys.public_key, key)); }

    sealing::SigningKeys keys = sealing::make_signing_keys();
    PublicKey key{};
};

void require_bounded(const Manifest& manifest) {
    require(is_word(manifest.vendor, Manifest::kWordBytesMax));
    require(is_word(manifest.device_class, Manifest::kWordBytesMax));
    require(manifest.node.empty() || is_word(manifest.node, Manifest::kNodeBytesMax));
    require(manifest.sequence != 0);
    if (const auto* settings = std::get_if<DeviceSettings>(&manifest.content))
        require(settings->reporting_interval_s >= 1 && settings->reporting_interval_s <= 86'400);
    if (const auto* image = std::get_if<Image>(&manifest.content))
        require(image->size >= 1 && image->size <= Image::kBytesMax);
}

void read_unsigned(const City& city, std::string_view bytes) {
    require(!open_manifest(bytes, {city.key}));
    if (const auto manifest = read_manifest(bytes)) require_bounded(*manifest);
}

void read_signed(const City& city, const std::string& bytes) {
    const auto signature = sealing::sign(city.keys.private_key, kManifestContext, bytes);
    require(signature.has_value());
    const auto manifest = open_manifest(make_signed(bytes, *signature), {city.key});
    if (!manifest) return;
    require_bounded(*manifest);
    require(encode(*manifest) == bytes);
}

void read_command(const std::string& body) {
    if (const auto request = parse_add_request(body)) require(to_body(*request) == body);
    static_cast<void>(parse_number(body));
    if (const auto request = parse_rollout_request(body)) {
        const auto again = parse_rollout_request(to_json(*request));
        require(again && again->number == request->number && again->up_to == request->up_to);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const City city;
    if (size == 0) return 0;
    const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0:
            read_unsigned(city, rest);
            break;
        case 1:
            read_signed(city, rest);
            break;
        default:
            read_command(rest);
    }
    return 0;
}
