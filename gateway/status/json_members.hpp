#pragma once
#include "gateway/model/time.hpp"
#include "gateway/status/json_writer.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::status {

// The members of a report as JSON, whatever their type is.

template <class Value>
void write_member(JsonWriter& json, std::string_view name, const Value& value) {
    json.member(name, value);
}

inline void write_member(JsonWriter& json, std::string_view name, const model::Instant& time) {
    json.member(name, model::to_rfc3339(time));
}

template <class Value>
void write_member(JsonWriter& json, std::string_view name, const std::optional<Value>& value) {
    if (value) return write_member(json, name, *value);
    json.key(name);
    json.null();
}

template <class Count>
void write_member(
    JsonWriter& json, std::string_view name, const std::map<std::string, Count>& counts
) {
    json.key(name);
    json.open_object();
    for (const auto& [cause, count] : counts) json.member(cause, count);
    json.close_object();
}

// What `visit` of gateway/observe/report_members.hpp shows, into the object that is open.
template <class Visit>
void write_members(JsonWriter& json, Visit visit) {
    visit([&json](std::string_view name, const auto& value) { write_member(json, name, value); });
}

// The same as an object of its own.
template <class Visit>
void write_object(JsonWriter& json, Visit visit) {
    json.open_object();
    write_members(json, visit);
    json.close_object();
}

}  // namespace gateway::status
