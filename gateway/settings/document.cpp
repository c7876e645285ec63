#include "gateway/settings/document.hpp"

#include "gateway/language/translate.hpp"

#include <toml++/toml.h>

#include <algorithm>

namespace gateway::settings {
namespace {

using language::tr;

Position position_of(const toml::source_position& position) {
    return {static_cast<std::uint32_t>(position.line), static_cast<std::uint32_t>(position.column)};
}

Value convert(std::string_view key, const toml::node& node);

Table convert(const toml::table& source) {
    Table table;
    for (const auto& [key, node] : source) {
        table.entries.push_back(
            {std::string{key.str()}, position_of(key.source().begin), convert(key.str(), node)}
        );
    }
    std::sort(
        table.entries.begin(),
        table.entries.end(),
        [](const Entry& left, const Entry& right) { return left.at < right.at; }
    );
    return table;
}

Array convert(std::string_view key, const toml::array& source) {
    Array array;
    for (const toml::node& element : source) array.push_back(convert(key, element));
    return array;
}

// The depth of the tree is bounded by the parser (TOML_MAX_NESTED_VALUES).
Value convert(std::string_view key, const toml::node& node) {
    Value value{std::string{key}, position_of(node.source().begin), DateTime{}};
    if (const auto* table = node.as_table()) value.content = convert(*table);
    if (const auto* array = node.as_array()) value.content = convert(key, *array);
    if (const auto* text = node.as_string()) value.content = text->get();
    if (const auto* number = node.as_integer()) value.content = number->get();
    if (const auto* number = node.as_floating_point()) value.content = number->get();
    if (const auto* truth = node.as_boolean()) value.content = truth->get();
    return value;
}

// The parser reports a key that is there twice behind the key; the key itself is what to look at.
Position place_of(const toml::parse_error& failure, std::string_view text) {
    Position at = position_of(failure.source().begin);
    if (failure.description().find("redefine") == std::string_view::npos) return at;
    for (std::uint32_t line = 1; line < at.line; ++line) text.remove_prefix(text.find('\n') + 1);
    const auto blank = std::min(text.find_first_not_of(" \t"), text.size());
    return {at.line, static_cast<std::uint32_t>(blank + 1)};
}

}  // namespace

const Value* Table::find(std::string_view key) const {
    const auto entry = std::find_if(entries.begin(), entries.end(), [key](const Entry& candidate) {
        return candidate.key == key;
    });
    return entry == entries.end() ? nullptr : &entry->value;
}

std::optional<Table> parse_document(std::string_view text, Diagnostics& diagnostics) {
    if (text.size() > kConfigurationBytesMax) {
        diagnostics.error(
            {},
            tr("the file is over 1 MiB"),
            tr("give a configuration file, this is something else")
        );
        return std::nullopt;
    }
    try {
        return convert(toml::parse(text));
    } catch (const toml::parse_error& failure) {
        diagnostics.error(
            place_of(failure, text),
            tr("this is not TOML ({0})", {failure.description()}),
            tr("correct this line: texts stand in quotes, a key stands only once in its table, "
               "and every bracket and quote is closed")
        );
        return std::nullopt;
    }
}

Table parse_beginning(std::string_view text) {
    constexpr int kCutsMax = 8;  // the line told may be within what was begun before it
    for (int cut = 0; cut < kCutsMax && text.size() <= kConfigurationBytesMax; ++cut) {
        Diagnostics diagnostics{{}};
        if (auto table = parse_document(text, diagnostics)) return std::move(*table);
        const auto faults = diagnostics.take();
        std::size_t end = 0;
        for (std::uint32_t line = 1; line < faults.front().at.line; ++line)
            end = text.find('\n', end) + 1;
        text = text.substr(0, end);
    }
    return {};
}

}  // namespace gateway::settings
