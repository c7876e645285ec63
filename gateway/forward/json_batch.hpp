#pragma once
#include "gateway/buffer/batch.hpp"

#include <string>
#include <string_view>

namespace gateway::forward {

// The batch contract's JSON form: every value is a JSON number with the digits the device sent,
// every time RFC 3339 in UTC with milliseconds, attributes an object; "gaps" and "erasures" only
// where there are some. `gateway` and `id` are the fields "gateway" and "batch".
std::string encode_json(const buffer::Batch& batch, std::string_view gateway, std::string_view id);

}  // namespace gateway::forward
