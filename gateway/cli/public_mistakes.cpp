#include "gateway/cli/public_mistakes.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/document.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace gateway::cli {
namespace {

using language::fill;
using language::tr;
using language::tr_plural;
using settings::Diagnostic;

constexpr std::string_view kHidden = "…";
constexpr std::size_t kWordBytesMin = 3;  // what is shorter is part of ordinary words

using Words = std::vector<std::string>;

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (std::uint32_t line = 1; line < number; ++line) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

// "[[source]]": names, and no value.
bool is_header(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    return begin != std::string_view::npos && line[begin] == '[' &&
           line.find_first_of("\"'") == std::string_view::npos;
}

// As it stands there, which is all that there is where the file is not TOML. A line without a key
// may go on with a value of the line before it.
void add_written(std::string_view line, Words& words) {
    constexpr std::string_view kBetween = " \t\r\"'=,[]{}()";
    if (is_header(line)) return;
    const std::size_t key = line.find('=');
    if (key != std::string_view::npos) line.remove_prefix(key + 1);
    while (true) {
        const std::size_t begin = line.find_first_not_of(kBetween);
        if (begin == std::string_view::npos) return;
        line.remove_prefix(begin);
        const std::size_t size = std::min(line.find_first_of(kBetween), line.size());
        words.emplace_back(line.substr(0, size));
        line.remove_prefix(size);
    }
}

// As it is meant, without quotes and escapes. The depth of the tree is bounded by its parser.
void add_meant(const settings::Value& value, std::uint32_t line, Words& words) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text != nullptr && value.at.line == line) words.push_back(*text);
    if (const auto* array = std::get_if<settings::Array>(&value.content)) {
        for (const auto& element : *array) add_meant(element, line, words);
    }
    if (const auto* table = std::get_if<settings::Table>(&value.content)) {
        for (const auto& entry : table->entries) add_meant(entry.value, line, words);
    }
}

Words values_at(std::string_view text, std::uint32_t line) {
    Words words;
    settings::Diagnostics unheard{{}};
    if (const auto document = settings::parse_document(text, unheard)) {
        for (const auto& entry : document->entries) add_meant(entry.value, line, words);
    }
    add_written(line_of(text, line), words);
    std::erase_if(words, [](const std::string& word) { return word.size() < kWordBytesMin; });
    // The longest first: one may be part of another.
    std::sort(words.begin(), words.end(), [](const auto& left, const auto& right) {
        return left.size() > right.size();
    });
    return words;
}

std::string without(std::string text, const Words& words) {
    for (const std::string& word : words) {
        std::size_t at = text.find(word);
        while (at != std::string::npos) {
            text.replace(at, word.size(), kHidden);
            at = text.find(word, at + kHidden.size());
        }
    }
    return text;
}

std::string told(const Diagnostic& mistake, std::string_view text) {
    const Words values = values_at(text, mistake.at.line);
    return mistake.file + ':' + std::to_string(mistake.at.line) + ':' +
           std::to_string(mistake.at.column) + ": " +
           tr("{0}: {1}", {without(mistake.what, values), without(mistake.remedy, values)});
}

}  // namespace

std::string public_mistakes(const settings::LoadResult& loaded) {
    std::string text;
    unsigned long count = 0;
    for (const Diagnostic& mistake : loaded.diagnostics) {
        if (mistake.severity != settings::Severity::error) continue;
        if (++count > kMistakesToldMax) continue;
        if (!text.empty()) text += "; ";
        text += told(mistake, loaded.text);
    }
    if (count <= kMistakesToldMax) return text;
    const unsigned long more = count - kMistakesToldMax;
    const auto words = tr_plural("{0} more mistake", "{0} more mistakes", more);
    return text + "; " + fill(words, {std::to_string(more)});
}

}  // namespace gateway::cli
