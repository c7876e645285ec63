#pragma once
#include "gateway/cli/command.hpp"
#include "gateway/firmware/manifest.hpp"
#include "gateway/firmware/messages.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace gateway::cli {

// Each of these says on context.err why it gives nothing, and sets the exit status:
// kExitUnavailable for a file that cannot be read, kExitNotOpened for what is in it.

// A firmware as it goes to devices.
std::optional<std::string> read_image(const std::string& file, CommandContext& context);

// What a manifest says of it; `base` is the firmware that a device must have already, 0: any.
firmware::Image describe(const std::string& image, std::uint32_t base);

// A signed manifest and the image that it is of; `image_file` is empty for settings. Whether the
// signature is right only a gateway knows.
struct FirmwarePackage {
    firmware::Manifest manifest;
    firmware::AddRequest request;
};
std::optional<FirmwarePackage> read_package(
    const std::string& manifest_file, const std::string& image_file, CommandContext& context
);

// "firmware 12 for acme / meter-3", "settings 4 for acme / meter-3, node north-7".
std::string manifest_words(const firmware::Manifest& manifest);

}  // namespace gateway::cli
