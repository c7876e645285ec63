#pragma once
#include "gateway/cli/subject_session.hpp"
#include "gateway/sealing/sealed_box.hpp"

#include <optional>
#include <string>

namespace gateway::cli {

struct ExportOrder {
    std::string directory;
    std::optional<sealing::Seal> seal;  // none: the files are written as they are
};

// Writes everything stored of the person into new files of a directory: readings.jsonl (canonical
// lines, gateway/subject/canonical_line.hpp), readings.csv, consents.jsonl (what the ledger has of
// the person), a page for the person and manifest.json. With a seal they go into one pack, and not
// even how much it is is told. In memory there is a page of the desk at a time, of kHttpAnswerMax
// at most, and its rows; both are wiped. False when something failed, which was said, and the exit
// status is set; no file is left then.
bool export_subject(SubjectSession& session, const ExportOrder& order, CommandContext& context);

}  // namespace gateway::cli
