#include "gateway/rollout/messages.hpp"

#include "gateway/rollout/record_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace gateway::rollout {
namespace {

namespace json = boost::json;

json::value parse(std::string_view text) {
    return json::parse({text.data(), text.size()});
}

std::string text_of(const json::object& object, const char* name) {
    return json::value_to<std::string>(object.at(name));
}

bool is_name(const std::string& text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    };
    return text.size() <= kNameBytesMax && std::none_of(text.begin(), text.end(), is_control);
}

bool is_within_bounds(const ApplyRequest& request) {
    const std::array names{&request.by, &request.from, &request.note, &request.signature};
    return request.confirm_within_s >= kConfirmWithinMin &&
           request.confirm_within_s <= kConfirmWithinMax &&
           std::all_of(names.begin(), names.end(), [](const auto* name) { return is_name(*name); });
}

}  // namespace

std::string to_json(const ApplyRequest& request) {
    json::object object;
    object["text"] = request.text;
    object["signature"] = request.signature;
    object["confirm_within_s"] = request.confirm_within_s;
    object["by"] = request.by;
    object["from"] = request.from;
    object["note"] = request.note;
    return json::serialize(object);
}

std::optional<ApplyRequest> parse_apply_request(std::string_view text) {
    try {
        const json::value value = parse(text);
        const json::object& object = value.as_object();
        ApplyRequest request;
        request.text = text_of(object, "text");
        request.signature = text_of(object, "signature");
        request.confirm_within_s = object.at("confirm_within_s").to_number<std::int64_t>();
        request.by = text_of(object, "by");
        request.from = text_of(object, "from");
        request.note = text_of(object, "note");
        if (is_within_bounds(request)) return request;
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return std::nullopt;
}

std::string to_json(const ConfirmRequest& request) {
    return json::serialize(json::object{{"anyway", request.anyway}, {"number", request.number}});
}

std::optional<ConfirmRequest> parse_confirm_request(std::string_view text) {
    try {
        const json::value value = parse(text);
        const json::object& object = value.as_object();
        return ConfirmRequest{
            object.at("anyway").as_bool(), object.at("number").to_number<std::uint32_t>()};
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string to_json(const State& state) {
    json::object object;
    object["record"] = parse(to_text(state.record));
    object["file"] = state.file;
    object["file_is_behind"] = state.file_is_behind;
    object["is_changing"] = state.is_changing;
    if (state.left_s) object["left_s"] = *state.left_s;
    object["findings"] = state.findings;
    return json::serialize(object);
}

std::optional<State> parse_state(std::string_view text) {
    try {
        const json::value value = parse(text);
        const json::object& object = value.as_object();
        const std::string record_text = json::serialize(object.at("record"));
        auto record = parse_record(record_text);
        if (!record) return std::nullopt;
        State state;
        state.record = std::move(*record);
        state.file = text_of(object, "file");
        state.file_is_behind = object.at("file_is_behind").as_bool();
        state.is_changing = object.at("is_changing").as_bool();
        state.findings = text_of(object, "findings");
        if (const auto* left = object.if_contains("left_s"))
            state.left_s = left->to_number<std::int64_t>();
        return state;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::string to_json(const Refusal& refusal) {
    return json::serialize(json::object{{"error", {{"code", refusal.code}, {"text", refusal.text}}}}
    );
}

Refusal parse_refusal(std::string_view text) {
    try {
        const json::value value = parse(text);
        const json::object& error = value.as_object().at("error").as_object();
        return {409, text_of(error, "code"), text_of(error, "text")};
    } catch (const std::exception&) {
        return {409, {}, std::string(text)};
    }
}

}  // namespace gateway::rollout
