#pragma once
#include "gateway/cli/document.hpp"
#include "gateway/cli/processing_record.hpp"

namespace gateway::cli {

// The record in plain words, about a page, for whoever lives beside the meters: what is collected
// where and why, what is removed before anything is stored, who gets it, how long, whom to write
// to.
Document charter(const ProcessingRecord& record);

}  // namespace gateway::cli
