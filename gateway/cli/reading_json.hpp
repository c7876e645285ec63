#pragma once
#include "gateway/model/reading.hpp"
#include "gateway/model/refusal.hpp"

#include <string>
#include <string_view>

// Readings as JSON, as `decode` and `explain` show them.
namespace gateway::cli {

// "name":"text".
void append_member(std::string& out, const char* name, std::string_view text);

// A value or an attribute's, a position as an object.
std::string value_json(const model::Value& value);
std::string value_json(const model::Attribute& attribute);

// {"device","quantity","value","unit","time","attributes"}.
void append_reading(std::string& out, const model::Reading& reading);

// {"error":{"code","message"}}, the code being the refusal's name and the message translated.
std::string error_json(const model::Fault& fault);

}  // namespace gateway::cli
