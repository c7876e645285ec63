#include "gateway/cli/toml_text.hpp"

#include "gateway/cli/text_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <variant>

namespace gateway::cli {
namespace {

using settings::Array;
using settings::DateTime;
using settings::Entry;
using settings::Table;
using settings::Value;

constexpr std::size_t kColumns = 100;
constexpr std::size_t kInlineKeysMax = 2;

std::string value_text(const Value& value);

std::string quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result = "\"";
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result.append(1, '\\').append(1, c);
        } else if (code < 0x20 || code == 0x7f) {
            result.append("\\u00").append(1, kHex[code >> 4U]).append(1, kHex[code & 0xfU]);
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string key_text(const std::string& key) {
    const bool is_bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    });
    return is_bare ? key : quoted(key);
}

// The shortest text that is this number again, and not a whole one.
std::string number_text(double number) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    std::string text(digits.data(), end);
    if (text.find_first_of(".en") == std::string::npos) text += ".0";
    return text;
}

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
    return text;
}

struct ValueText {
    std::string operator()(const std::string& text) const { return quoted(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return number_text(number); }
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(DateTime) const { return {}; }
    std::string operator()(const Array& array) const {
        std::vector<std::string> parts;
        for (const Value& element : array) parts.push_back(value_text(element));
        return '[' + join(parts) + ']';
    }
    std::string operator()(const Table& table) const {
        std::vector<std::string> parts;
        for (const Entry& entry : table.entries)
            parts.push_back(key_text(entry.key) + " = " + value_text(entry.value));
        return parts.empty() ? "{}" : "{ " + join(parts) + " }";
    }
};

std::string value_text(const Value& value) {
    return std::visit(ValueText{}, value.content);
}

bool holds_many(const Value& value) {
    return std::holds_alternative<Table>(value.content) ||
           std::holds_alternative<Array>(value.content);
}

// Whether a table has a header of its own: it holds more than plain values, or many of them.
bool is_section(const Entry& entry) {
    const auto* table = std::get_if<Table>(&entry.value.content);
    if (table == nullptr) return false;
    const auto& entries = table->entries;
    const bool holds_more = std::any_of(entries.begin(), entries.end(), [](const Entry& within) {
        return holds_many(within.value);
    });
    const std::string line = key_text(entry.key) + " = " + value_text(entry.value);
    return holds_more || (entries.size() > kInlineKeysMax && widest_line(line) > kColumns);
}

// A list that does not fit has a line for each of its elements.
std::string line_text(const Entry& entry) {
    const std::string begin = key_text(entry.key) + " = ";
    std::string line = begin + value_text(entry.value);
    const auto* array = std::get_if<Array>(&entry.value.content);
    if (array == nullptr || widest_line(line) <= kColumns) return line;
    line = begin + "[\n";
    for (const Value& element : *array) line.append("    ").append(value_text(element) + ",\n");
    return line + ']';
}

class Writer {
  public:
    explicit Writer(const TomlNotes& notes) : notes_(notes) {}

    // `path` of the header, `place` of the table among the notes: "fields."
    void add(std::string_view header, const Table& table, const std::string& place) {
        text_.append(header).append(1, '\n');
        for (const Entry& entry : table.entries) {
            if (!is_section(entry)) add_line(entry, place);
        }
        for (const Entry& entry : table.entries) {
            if (is_section(entry)) add_section(header, entry, place);
        }
    }

    std::string take() { return std::move(text_); }

  private:
    void add_line(const Entry& entry, const std::string& place) {
        if (std::holds_alternative<DateTime>(entry.value.content)) return;
        std::string line = line_text(entry);
        const auto note = notes_.find(place + entry.key);
        if (note != notes_.end()) line.append("  # ").append(note->second);
        text_.append(line).append(1, '\n');
    }

    // "[[source]]" and "json" make "[source.json]".
    void add_section(std::string_view header, const Entry& entry, const std::string& place) {
        const auto first = header.find_first_not_of('[');
        const std::string above(header.substr(first, header.find(']') - first));
        const std::string own = '[' + above + '.' + key_text(entry.key) + ']';
        text_ += '\n';
        add(own, std::get<Table>(entry.value.content), place + entry.key + '.');
    }

    const TomlNotes& notes_;
    std::string text_;
};

}  // namespace

std::string toml_text(
    std::string_view header, const settings::Table& table, const TomlNotes& notes
) {
    Writer writer(notes);
    writer.add(header, table, {});
    return writer.take();
}

}  // namespace gateway::cli
