#pragma once
#include "gateway/cli/document.hpp"
#include "gateway/cli/processing_record.hpp"

#include <string>

namespace gateway::cli {

// The record under the headings of its profile's form, for people. Every article of a law is
// marked as to be checked by a lawyer, and what is missing is said where it is missing. `settings`
// are those that the record was made of.
Document register_document(const ProcessingRecord& record, const settings::Settings& settings);

}  // namespace gateway::cli
