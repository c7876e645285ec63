#include "gateway/cli/help_format.hpp"

#include "gateway/cli/option_value.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <set>
#include <string>

namespace gateway::cli {
namespace {

using language::tr;

constexpr std::size_t kColumnWidth = 28;

std::string names_of(const std::set<CLI::Option*>& options) {
    std::string names;
    for (const CLI::Option* option : options) names += ' ' + shown_name(*option);
    return names;
}

// CLI11's layout with our words, and columns that accents do not bend.
class HelpFormat final : public CLI::Formatter {
  public:
    HelpFormat() {
        label("Usage", tr("Usage"));
        label("OPTIONS", tr("OPTIONS"));
        label("SUBCOMMAND", tr("COMMAND"));
        label("SUBCOMMANDS", tr("COMMANDS"));
        label("Positionals", tr("Arguments"));
        column_width(kColumnWidth);
    }

    std::string make_option(const CLI::Option* option, bool is_positional) const override {
        const std::string head =
            "  " + make_option_name(option, is_positional) + make_option_opts(option);
        const std::size_t width = widest_line(head);
        if (width >= kColumnWidth)
            return head + '\n' + std::string(kColumnWidth, ' ') + make_option_desc(option) + '\n';
        return head + std::string(kColumnWidth - width, ' ') + make_option_desc(option) + '\n';
    }

    std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
        return is_positional ? shown_name(*option) : option->get_name(false, true);
    }

    std::string make_option_opts(const CLI::Option* option) const override {
        std::string text;
        if (option->nonpositional() && !value_word(*option).empty())
            text += ' ' + value_word(*option);
        if (!option->get_default_str().empty()) text += '=' + option->get_default_str();
        if (option->get_expected_max() == CLI::detail::expected_max_vector_size) text += " ...";
        if (option->get_required()) text += ' ' + std::string(tr("(required)"));
        if (!option->get_needs().empty())
            text += ' ' + tr("(needs{0})", {names_of(option->get_needs())});
        if (!option->get_excludes().empty())
            text += ' ' + tr("(not with{0})", {names_of(option->get_excludes())});
        return text;
    }
};

}  // namespace

void format_help(CLI::App& program) {
    program.formatter(std::make_shared<HelpFormat>());
}

}  // namespace gateway::cli
