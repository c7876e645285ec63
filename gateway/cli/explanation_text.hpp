#pragma once
#include "gateway/cli/explainer.hpp"

#include <string>

namespace gateway::cli {

// An explanation for a person: the fields as a table with the reason below each, and what each
// uplink gets, with the fields that do not leave as they are stored.
std::string explanation_text(
    const Explanation& explanation, const std::vector<const settings::Uplink*>& uplinks
);

// The same as JSON:
//     {"device","quantity","unit_before","unit_after",
//      "fields":[{"field","before","after" (null: does not pass),"rule","reason"}, …],
//      "uplinks":[{"uplink","kind","recipient","reading" (null: it does not leave),
//                  "changes":[{"field","before","after","rule","reason"}, …],"withheld"}, …]}
// where `changes` are the fields that do not leave as they are stored and `withheld` says why
// nothing leaves,
// or, for a reading that is refused, {"device","quantity","error":{"code","message"}}.
std::string explanation_json(
    const Explanation& explanation, const std::vector<const settings::Uplink*>& uplinks
);

}  // namespace gateway::cli
