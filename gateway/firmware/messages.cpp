#include "gateway/firmware/messages.hpp"

#include <boost/json.hpp>

#include <array>

namespace gateway::firmware {
namespace {

namespace json = boost::json;

constexpr std::size_t kLengthBytes = 2;
constexpr std::array<std::string_view, 3> kStages{"one", "tenth", "all"};

// An object; nothing if the text is none.
std::optional<json::object> parse_object(std::string_view text) {
    boost::system::error_code failure;
    json::value value = json::parse({text.data(), text.size()}, failure);
    if (failure || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// Of an update; numbers begin at 1.
std::optional<std::uint32_t> number_in(const json::object& object) {
    const json::value* value = object.if_contains("number");
    if (value == nullptr) return std::nullopt;
    boost::system::error_code failure;
    const auto number = value->to_number<std::uint32_t>(failure);
    return failure || number == 0 ? std::nullopt : std::optional{number};
}

}  // namespace

std::string to_body(const AddRequest& request) {
    constexpr unsigned kByteBits = 8;
    const std::size_t length = request.signed_manifest.size();
    std::string body;
    body.reserve(kLengthBytes + length + request.image.size());
    body += static_cast<char>(length & 0xffU);
    body += static_cast<char>(length >> kByteBits);
    return body.append(request.signed_manifest).append(request.image);
}

std::optional<AddRequest> parse_add_request(std::string body) {
    constexpr unsigned kByteBits = 8;
    if (body.size() < kLengthBytes) return std::nullopt;
    const std::size_t low = static_cast<unsigned char>(body[0]);
    const std::size_t high = static_cast<unsigned char>(body[1]);
    const std::size_t length = low | high << kByteBits;
    const std::size_t begin = kLengthBytes + length;
    if (length == 0 || length > kSignedManifestBytesMax || body.size() < begin) return std::nullopt;
    if (body.size() - begin > Image::kBytesMax) return std::nullopt;
    std::string manifest = body.substr(kLengthBytes, length);
    body.erase(0, begin);
    return AddRequest{std::move(manifest), std::move(body)};
}

std::string_view to_string(Stage stage) {
    return kStages.at(static_cast<std::size_t>(stage));
}

std::optional<Stage> parse_stage(std::string_view text) {
    for (std::size_t i = 0; i < kStages.size(); ++i) {
        if (kStages.at(i) == text) return static_cast<Stage>(i);
    }
    return std::nullopt;
}

std::string to_json(const RolloutRequest& request) {
    const std::string_view up_to = to_string(request.up_to);
    return json::serialize(json::object{
        {"number", request.number}, {"up_to", json::string_view(up_to.data(), up_to.size())}});
}

std::optional<RolloutRequest> parse_rollout_request(std::string_view text) {
    const auto object = parse_object(text);
    if (!object) return std::nullopt;
    const auto number = number_in(*object);
    const json::value* up_to = object->if_contains("up_to");
    if (!number || up_to == nullptr || !up_to->is_string()) return std::nullopt;
    const json::string& word = up_to->get_string();
    const auto stage = parse_stage({word.data(), word.size()});
    if (!stage) return std::nullopt;
    return RolloutRequest{*number, *stage};
}

std::string number_to_json(std::uint32_t number) {
    return json::serialize(json::object{{"number", number}});
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
    const auto object = parse_object(text);
    return object ? number_in(*object) : std::nullopt;
}

}  // namespace gateway::firmware
