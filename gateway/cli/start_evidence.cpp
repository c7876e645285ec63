#include "gateway/cli/start_evidence.hpp"

#include "gateway/loosening/guard.hpp"
#include "gateway/runtime/secret_file.hpp"
#include "gateway/settings/loader.hpp"

#include <utility>

namespace gateway::cli {

bool StartEvidence::has_changed() {
    std::string now = collect();
    const bool is_settled = now == seen_;
    seen_ = std::move(now);
    return is_settled && seen_ != refused_;
}

// In no language: that of the texts may change between two looks.
std::string StartEvidence::collect() const {
    const auto loaded = settings::load(file_);
    std::string evidence = loaded.text;
    const auto signature = runtime::read_secret(loosening::signature_file(file_).string());
    evidence.append(1, '\0').append(signature ? *signature : std::string{});
    for (const auto& diagnostic : loaded.diagnostics) {
        if (diagnostic.severity != settings::Severity::error) continue;
        evidence.append(1, '\0').append(std::to_string(diagnostic.at.line));
        evidence.append(1, ':').append(std::to_string(diagnostic.at.column));
    }
    return evidence;
}

}  // namespace gateway::cli
