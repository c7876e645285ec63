#pragma once
#include "gateway/cli/subject_session.hpp"

#include <string>

namespace gateway::cli {

// Writes everything stored of the person into new files of a directory: readings.jsonl (canonical
// lines, gateway/subject/canonical_line.hpp), readings.csv, consents.jsonl (what the ledger has of
// the person), a page for the person and manifest.json. In memory there is a page of the desk at a
// time, of kHttpAnswerMax at most, and its rows; both are wiped. False when something failed, which
// was said, and the exit status is set; no file is left then.
bool export_subject(SubjectSession& session, const std::string& directory, CommandContext& context);

}  // namespace gateway::cli
