#include "gateway/settings/diagnostic.hpp"

#include "gateway/language/translate.hpp"

#include <algorithm>
#include <utility>

namespace gateway::settings {

std::string to_string(const Diagnostic& diagnostic) {
    std::string line = diagnostic.file + ':' + std::to_string(diagnostic.at.line) + ':' +
                       std::to_string(diagnostic.at.column) + ": ";
    // Translators: {0} is what is wrong, {1} what to do; the places before it are for editors.
    std::string words = language::tr("{0}: {1}", {diagnostic.what, diagnostic.remedy});
    if (!diagnostic.code.empty()) words.append(" [").append(diagnostic.code).append("]");
    if (diagnostic.severity != Severity::warning) return line + words;
    return line + language::tr("{0}: {1}", {language::tr("warning"), words});
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
    return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Severity::error;
    });
}

void Diagnostics::error(Position at, std::string what, std::string remedy) {
    report(Severity::error, at, std::move(what), std::move(remedy), {});
}

void Diagnostics::warning(Position at, std::string what, std::string remedy) {
    report(Severity::warning, at, std::move(what), std::move(remedy), {});
}

bool Diagnostics::has_errors() const {
    return settings::has_errors(collected_);
}

std::vector<Diagnostic> Diagnostics::take() {
    std::stable_sort(
        collected_.begin(),
        collected_.end(),
        [](const Diagnostic& left, const Diagnostic& right) { return left.at < right.at; }
    );
    return std::exchange(collected_, {});
}

void Diagnostics::report(
    Severity severity, Position at, std::string what, std::string remedy, std::string_view code
) {
    if (severity == Severity::error) ++errors_;
    if (collected_.size() == kDiagnosticsMax) {
        // An error must not be lost behind warnings.
        if (severity == Severity::error) collected_.back().severity = Severity::error;
        return;
    }
    collected_.push_back({severity, file_, at, std::move(what), std::move(remedy), code});
}

}  // namespace gateway::settings
