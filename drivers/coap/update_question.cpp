#include "drivers/coap/update_question.hpp"

#include "drivers/update/progress.hpp"
#include "drivers/update/word.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace drivers::coap {

namespace {

constexpr std::string_view kOfferPath = "firmware/offer";
constexpr std::string_view kStatePath = "firmware/state";
constexpr std::string_view kImagePath = "firmware/image/";
constexpr std::uint8_t kSizeExponentReserved = 7;
constexpr std::size_t kQueriesMax = 6;

std::optional<std::uint32_t> number_in(std::string_view text) {
    std::uint32_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

// Takes one "name=value"; false where there is no such name, or its value is none.
bool take(const std::string& query, OfferWanted& device) {
    const std::size_t equals = query.find('=');
    if (equals == std::string::npos) return false;
    const std::string_view name = std::string_view{query}.substr(0, equals);
    const std::string value = query.substr(equals + 1);
    if (name == "vendor" || name == "class") {
        (name == "vendor" ? device.vendor : device.device_class) = value;
        return update::is_word(value);
    }
    const auto number = number_in(value);
    if (!number) return false;
    if (name == "trial") device.is_on_trial = *number == 1;
    if (name == "trial") return *number <= 1;
    const std::map<std::string_view, std::uint32_t*> numbers{
        {"firmware", &device.firmware},
        {"settings", &device.settings},
        {"bytes", &device.image_bytes_max}};
    const auto found = numbers.find(name);
    if (found == numbers.end()) return false;
    *found->second = *number;
    return true;
}

UpdateQuestion offer_wanted(const Request& request) {
    if (request.queries.size() > kQueriesMax) return Answer(Code::bad_request, "bad-query");
    OfferWanted device;
    device.name = request.identity;
    for (const std::string& query : request.queries)
        if (!take(query, device)) return Answer(Code::bad_request, "bad-query " + query);
    if (device.vendor.empty()) return Answer(Code::bad_request, "bad-query vendor");
    if (device.device_class.empty()) return Answer(Code::bad_request, "bad-query class");
    if (device.image_bytes_max == 0) return Answer(Code::bad_request, "bad-query bytes");
    return device;
}

UpdateQuestion block_wanted(const Request& request) {
    const auto update = number_in(std::string_view{request.path}.substr(kImagePath.size()));
    if (!update) return Answer(Code::not_found);
    return BlockWanted{*update, request.block2.value_or(Block{})};
}

UpdateQuestion state_said(const Request& request) {
    if (request.block1) return Answer(Code::bad_option, "block1");
    if (request.content_format.value_or(kOctetStream) != kOctetStream)
        return Answer(Code::unsupported_content_format);
    const auto progress = update::parse_progress(request.payload);
    if (!progress) return Answer(Code::bad_request, "malformed");
    return *progress;
}

// Who asks must be known, and so must be who answers.
std::optional<Answer> objection(const Request& request) {
    if (request.identity.empty()) return Answer(Code::unauthorized, "dtls-only");
    if (!request.has_valid_key) return Answer(Code::unauthorized);
    if (!request.has_valid_path) return Answer(Code::bad_request);
    const bool is_state = request.path == kStatePath;
    const auto method = static_cast<std::uint8_t>(is_state ? Code::post : Code::get);
    if (request.code != method) return Answer(Code::method_not_allowed);
    if (request.block2 && request.block2->size_exponent >= kSizeExponentReserved)
        return Answer(Code::bad_request, "block2");
    return std::nullopt;
}

}  // namespace

bool is_of_updates(const std::string& path) {
    return path == kOfferPath || path == kStatePath || path.starts_with(kImagePath);
}

UpdateQuestion understand_update(const Request& request) {
    if (auto answer = objection(request)) return std::move(*answer);
    if (request.path == kOfferPath) return offer_wanted(request);
    if (request.path == kStatePath) return state_said(request);
    return block_wanted(request);
}

}  // namespace drivers::coap
