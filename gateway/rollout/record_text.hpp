#pragma once
#include "gateway/rollout/record.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::rollout {

// The record as it lies on the disk and as `history --json` shows it:
//
//   { "last_number": 8, "passed_over": "…",
//     "good": [{ "number": 7, "by": "marie", "from": "192.0.2.7", "at": "2026-05-01T…Z",
//                "note": "passerelle.toml", "digest": "…" }],
//     "trial": { as above }, "failure": { "version": { as above }, "reason": "…" } }
//
// "at", "trial" and "failure" are left out where there is none.
std::string to_text(const Record& record);

// Nothing if it is no record.
std::optional<Record> parse_record(std::string_view text);

}  // namespace gateway::rollout
