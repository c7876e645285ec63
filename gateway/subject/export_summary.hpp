#pragma once
#include "gateway/model/time.hpp"
#include "gateway/settings/settings.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::subject {

// What an export found, as it is counted row by row from the canonical lines.
class ExportTally {
  public:
    struct Dataset {
        std::string name;
        std::uint64_t readings = 0;
        std::uint64_t dead_letters = 0;
        std::map<std::string, std::uint64_t> quantities;
        std::string first;  // times, RFC 3339
        std::string last;
    };

    void begin(const std::string& dataset) { datasets_.emplace_back().name = dataset; }
    // Counts a line, and answers it as one of a table in CSV (RFC 4180); empty if it is none.
    std::string add(std::string_view line);

    const std::vector<Dataset>& datasets() const { return datasets_; }

    static std::string_view csv_head();

  private:
    std::vector<Dataset> datasets_;
};

// A file of an export and the SHA-256 of its content.
struct ExportedFile {
    std::string name;
    std::string sha256;
};

// One page for the person, in the language that language::choose() set: what is held, why, for how
// long, who gets it, and what the files are. It does not name the person.
std::string export_summary(
    const settings::Settings& settings,
    const ExportTally& tally,
    const std::vector<ExportedFile>& files,
    model::Instant at
);

// The same for a machine: {"gateway","city","at","datasets":[…],"files":[{"name","sha256"}]}.
std::string export_manifest(
    const settings::Settings& settings,
    const ExportTally& tally,
    const std::vector<ExportedFile>& files,
    model::Instant at
);

}  // namespace gateway::subject
