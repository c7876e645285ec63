#include "gateway/cli/document.hpp"
#include "gateway/cli/text_table.hpp"

#include <string_view>

namespace gateway::cli {
namespace {

using Align = TextTable::Align;

constexpr std::size_t kWidth = 80;
constexpr std::string_view kIndent = "  ";

// Facts and lists stand to the right of their sections' titles.
struct BlockText {
    std::string operator()(const std::string& paragraph) const {
        return wrapped(std::string{kIndent}, paragraph, kWidth);
    }
    std::string operator()(const Facts& facts) const {
        std::string text;
        for (const auto& [name, meaning] : facts.rows) {
            // French has its blank before the colon in the text itself.
            text += wrapped(std::string{kIndent}, name, kWidth);
            text += wrapped(std::string{kIndent} + std::string{kIndent}, meaning, kWidth);
        }
        return text;
    }
    std::string operator()(const Listing& listing) const {
        std::string text;
        for (const auto& item : listing.items)
            text += wrapped(std::string{kIndent} + "- ", item, kWidth);
        return text;
    }
    std::string operator()(const Columns& columns) const {
        TextTable table{std::vector<Align>(columns.head.size(), Align::left)};
        table.add(columns.head);
        for (const auto& row : columns.rows) table.add(row);
        return table.text();
    }
};

std::string section_text(const Section& section) {
    std::string text = "\n";
    const std::string title =
        section.note.empty() ? section.title : section.title + "  [" + section.note + ']';
    text += wrapped(section.level == 1 ? "# " : "## ", title, kWidth);
    for (const auto& block : section.blocks) text += std::visit(BlockText{}, block);
    return text;
}

}  // namespace

std::string document_text(const Document& document) {
    std::string text = wrapped("", document.title, kWidth);
    for (const auto& paragraph : document.lead) text += '\n' + wrapped("", paragraph, kWidth);
    for (const auto& section : document.sections) text += section_text(section);
    if (!document.foot.empty()) text += '\n' + wrapped("", document.foot, kWidth);
    return text;
}

}  // namespace gateway::cli
