#pragma once
#include "gateway/cli/document.hpp"
#include "gateway/cli/processing_record.hpp"
#include "gateway/cli/register_form.hpp"

#include <vector>

namespace gateway::cli {

// What stands under one heading of a form. A part of a record is either common to all activities
// or belongs to each; the other function has nothing to say of it.
std::vector<Block> common_part(
    Part part, const ProcessingRecord& record, const settings::Settings& settings
);
std::vector<Block> activity_part(Part part, const RecordedActivity& activity);

// What an activity is, and where its readings come from.
std::vector<Block> activity_summary(const RecordedActivity& activity);

}  // namespace gateway::cli
