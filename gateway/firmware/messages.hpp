#pragma once
#include "gateway/firmware/manifest.hpp"
#include "gateway/firmware/rollout_desk.hpp"
#include "gateway/firmware/signed_manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What the command `firmware` and a running gateway say to each other over its unix socket.
namespace gateway::firmware {

inline constexpr const char* kAddPath = "/firmware/add";
inline constexpr const char* kRolloutPath = "/firmware/rollout";
inline constexpr const char* kAbortPath = "/firmware/abort";
inline constexpr const char* kStatePath = "/firmware/state";  // an observe::FirmwareReport

// Of the body of kAddPath.
inline constexpr std::size_t kAddBytesMax = Image::kBytesMax + 4096;

// The body of kAddPath: the length of the signed manifest in two bytes, little-endian, the
// manifest, and the image, which settings have none of.
struct AddRequest {
    AddRequest() = default;
    AddRequest(std::string signed_manifest_, std::string image_)
        : signed_manifest(std::move(signed_manifest_)), image(std::move(image_)) {}

    std::string signed_manifest;
    std::string image;
};
std::string to_body(const AddRequest& request);
// Nothing if it is none, or beyond a bound.
std::optional<AddRequest> parse_add_request(std::string body);

std::string_view to_string(Stage stage);
std::optional<Stage> parse_stage(std::string_view text);

struct RolloutRequest {
    std::uint32_t number = 0;
    Stage up_to = Stage::all;
};
std::string to_json(const RolloutRequest& request);
std::optional<RolloutRequest> parse_rollout_request(std::string_view json);

// The number of an update: the body of kAbortPath, and the answer to kAddPath.
std::string number_to_json(std::uint32_t number);
std::optional<std::uint32_t> parse_number(std::string_view json);

}  // namespace gateway::firmware
