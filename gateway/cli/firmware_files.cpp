#include "gateway/cli/firmware_files.hpp"

#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/status/words.hpp"

#include <openssl/sha.h>

#include <cerrno>
#include <fstream>
#include <ostream>

namespace gateway::cli {
namespace {

using firmware::Image;
using firmware::Manifest;
using language::tr;

std::nullopt_t refuse(const std::string& text, CommandContext& context) {
    context.err << text << '\n';
    context.exit_status = kExitNotOpened;
    return std::nullopt;
}

// The whole of a file, or one byte more than it may have.
std::optional<std::string> read_file(
    const std::string& file, std::size_t bytes_max, CommandContext& context
) {
    std::ifstream stream(file, std::ios::binary);
    std::string content(bytes_max + 1, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (stream.bad() || (stream.fail() && !stream.eof())) {
        const boost::system::error_code failure{errno, boost::system::system_category()};
        context.err << tr("{0} cannot be read: {1}", {file, language::failure_words(failure)})
                    << '\n';
        context.exit_status = kExitUnavailable;
        return std::nullopt;
    }
    content.resize(static_cast<std::size_t>(stream.gcount()));
    return content;
}

// What is wrong with an image; empty: it is the one that was signed.
std::string fault_of(const std::string& image, const Image& wanted, const std::string& file) {
    if (image.size() < wanted.size)
        return tr(
            "{0} is cut short: it has {1} bytes, and the signed image {2}. Copy it once more.",
            {file, std::to_string(image.size()), std::to_string(wanted.size)}
        );
    if (image.size() > wanted.size)
        return tr(
            "{0} is not the image of this manifest: it has {1} bytes, and the signed one {2}.",
            {file, std::to_string(image.size()), std::to_string(wanted.size)}
        );
    if (describe(image, 0).sha256 != wanted.sha256)
        return tr(
            "{0} is not the image of this manifest: it is as long, but its SHA-256 is another one.",
            {file}
        );
    return {};
}

}  // namespace

std::optional<std::string> read_image(const std::string& file, CommandContext& context) {
    auto image = read_file(file, Image::kBytesMax, context);
    if (!image) return std::nullopt;
    if (image->empty()) return refuse(tr("{0} is empty.", {file}), context);
    if (image->size() > Image::kBytesMax)
        return refuse(
            tr("{0} is larger than {1}, which no update may be.",
               {file, status::bytes_words(Image::kBytesMax)}),
            context
        );
    return image;
}

Image describe(const std::string& image, std::uint32_t base) {
    Image described;
    described.size = static_cast<std::uint32_t>(image.size());
    described.sequence_min = base;
    ::SHA256(
        reinterpret_cast<const unsigned char*>(image.data()), image.size(), described.sha256.data()
    );
    return described;
}

std::optional<FirmwarePackage> read_package(
    const std::string& manifest_file, const std::string& image_file, CommandContext& context
) {
    auto signed_manifest = read_file(manifest_file, firmware::kSignedManifestBytesMax, context);
    if (!signed_manifest) return std::nullopt;
    auto manifest = firmware::read_manifest(*signed_manifest);
    if (!manifest)
        return refuse(
            tr("{0} is no manifest of passerelle firmware sign, or is damaged. Copy it once more.",
               {manifest_file}),
            context
        );
    const auto* wanted = std::get_if<Image>(&manifest->content);
    if (wanted == nullptr && !image_file.empty())
        return refuse(
            tr("{0} holds settings, which have no image: leave {1} out.",
               {manifest_file, image_file}),
            context
        );
    if (wanted != nullptr && image_file.empty())
        return refuse(
            tr("{0} is the manifest of a firmware: name its image behind it.", {manifest_file}),
            context
        );
    std::string image;
    if (wanted != nullptr) {
        auto read = read_image(image_file, context);
        if (!read) return std::nullopt;
        if (const auto fault = fault_of(*read, *wanted, image_file); !fault.empty())
            return refuse(fault, context);
        image = std::move(*read);
    }
    return FirmwarePackage{std::move(*manifest), {std::move(*signed_manifest), std::move(image)}};
}

std::string manifest_words(const Manifest& manifest) {
    const std::string sequence = std::to_string(manifest.sequence);
    const std::string kind = manifest.vendor + " / " + manifest.device_class;
    if (!manifest.node.empty()) {
        return manifest.is_settings()
                   ? tr("settings {0} for {1}, node {2}", {sequence, kind, manifest.node})
                   : tr("firmware {0} for {1}, node {2}", {sequence, kind, manifest.node});
    }
    return manifest.is_settings() ? tr("settings {0} for {1}", {sequence, kind})
                                  : tr("firmware {0} for {1}", {sequence, kind});
}

}  // namespace gateway::cli
