#include "gateway/subject/request.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/crypto.h>

#include <algorithm>

namespace gateway::subject {
namespace {

namespace json = boost::json;

constexpr std::size_t kOtherBytesMax = 256;

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

bool read_text(const json::value& value, std::string& text, std::size_t bytes_max) {
    if (!value.is_string()) return false;
    text.assign(value.get_string().data(), value.get_string().size());
    return text.size() <= bytes_max && !has_control(text);
}

bool read_datasets(const json::value& value, std::vector<std::string>& datasets) {
    if (!value.is_array() || value.get_array().size() > kDatasetsAskedMax) return false;
    for (const json::value& name : value.get_array()) {
        if (!read_text(name, datasets.emplace_back(), kOtherBytesMax)) return false;
    }
    return true;
}

bool read_flag(const json::value& value, bool& flag) {
    if (!value.is_bool()) return false;
    flag = value.get_bool();
    return true;
}

bool read_number(const json::value& value, std::uint64_t& number) {
    boost::system::error_code failure;
    number = value.to_number<std::uint64_t>(failure);
    return !failure;
}

bool read_member(std::string_view name, const json::value& value, Request& request) {
    if (name == "datasets") return read_datasets(value, request.datasets);
    if (name == "field") return read_text(value, request.field, kOtherBytesMax);
    if (name == "identity") return read_text(value, request.identity, kIdentityBytesMax);
    if (name == "reference") return read_text(value, request.reference, kReferenceBytesMax);
    if (name == "confirm") return read_text(value, request.confirm, kOtherBytesMax);
    if (name == "after") return read_number(value, request.after);
    if (name == "letters") return read_flag(value, request.letters);
    if (name == "two_step") return read_flag(value, request.two_step);
    return false;
}

}  // namespace

Request::~Request() {
    wipe(identity);
}

std::optional<Request> parse_request(std::string_view text) {
    boost::system::error_code failure;
    json::value value = json::parse(json::string_view(text.data(), text.size()), failure);
    if (failure || !value.is_object()) return std::nullopt;
    Request request;
    bool is_valid = true;
    for (auto& member : value.get_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        is_valid = is_valid && read_member(name, member.value(), request);
        if (member.value().is_string()) {
            auto& content = member.value().get_string();
            OPENSSL_cleanse(content.data(), content.size());
        }
    }
    if (!is_valid) return std::nullopt;
    return request;
}

std::string to_json(const Request& request) {
    json::object object;
    json::array datasets;
    for (const std::string& dataset : request.datasets) datasets.emplace_back(dataset);
    object["datasets"] = std::move(datasets);
    object["field"] = request.field;
    object["identity"] = request.identity;
    object["reference"] = request.reference;
    object["confirm"] = request.confirm;
    object["after"] = request.after;
    object["letters"] = request.letters;
    object["two_step"] = request.two_step;
    std::string text = json::serialize(object);
    auto& identity = object["identity"].get_string();
    OPENSSL_cleanse(identity.data(), identity.size());
    return text;
}

void wipe(std::string& text) {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

}  // namespace gateway::subject
