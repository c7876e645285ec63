#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace gateway::subject {

// The files of an export. A pack has them by these numbers, so they never change.
enum class ExportPart : std::uint8_t {
    readings = 1,
    table = 2,
    consents = 3,
    summary = 4,
    manifest = 5
};

inline constexpr std::array kExportParts{
    ExportPart::readings,
    ExportPart::table,
    ExportPart::consents,
    ExportPart::summary,
    ExportPart::manifest};

constexpr std::string_view file_name(ExportPart part) {
    switch (part) {
        case ExportPart::readings:
            return "readings.jsonl";
        case ExportPart::table:
            return "readings.csv";
        case ExportPart::consents:
            return "consents.jsonl";
        case ExportPart::summary:
            return "summary.txt";
        case ExportPart::manifest:
            break;
    }
    return "manifest.json";
}

}  // namespace gateway::subject
