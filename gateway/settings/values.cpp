#include "gateway/settings/values.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/address.hpp"
#include "gateway/settings/units.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::size_t kTextMax = 4096;
constexpr std::size_t kNameMax = 64;

const char* type_of(const Value& value) {
    struct Names {
        const char* operator()(const std::string&) const { return tr("a text"); }
        const char* operator()(std::int64_t) const { return tr("a whole number"); }
        const char* operator()(double) const { return tr("a number"); }
        const char* operator()(bool) const { return tr("true or false"); }
        const char* operator()(DateTime) const { return tr("a date"); }
        const char* operator()(const Array&) const { return tr("a list"); }
        const char* operator()(const Table&) const { return tr("a table"); }
    };
    return std::visit(Names{}, value.content);
}

bool is_name_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

bool is_name(const std::string& text) {
    return !text.empty() && text.size() <= kNameMax && text.front() != '.' && text.front() != '-' &&
           text.front() != '_' && std::all_of(text.begin(), text.end(), is_name_character);
}

bool is_pointer(const std::string& text) {
    if (!text.empty() && text.front() != '/') return false;
    for (std::size_t at = text.find('~'); at != std::string::npos; at = text.find('~', at + 1)) {
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
    }
    return true;
}

void reject_range(
    const Value& value, std::string_view min, std::string_view max, Loading& loading
) {
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is out of bounds", {value.key}),
        tr("write something from {0} to {1}", {min, max})
    );
}

std::string quoted_list(std::span<const std::string_view> words) {
    std::string list;
    for (const std::string_view word : words) {
        if (!list.empty()) list += ", ";
        list.append(1, '"').append(word).append(1, '"');
    }
    return list;
}

std::optional<std::map<std::string, std::string>> read_map(
    const Value& value, Reader<std::string> read, Loading& loading
) {
    const Table* table = as_table(value, loading);
    if (table == nullptr) return std::nullopt;
    std::map<std::string, std::string> map;
    for (const Entry& entry : table->entries) {
        if (auto text = read(entry.value, loading)) map.emplace(entry.key, std::move(*text));
    }
    return map;
}

}  // namespace

void reject_type(const Value& value, std::string_view expected, Loading& loading) {
    loading.diagnostics.error(
        value.at, tr("'{0}' is {1}", {value.key, type_of(value)}), tr("write {0}", {expected})
    );
}

void reject_choice(const Value& value, std::span<const std::string_view> words, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr) {
        reject_type(value, tr("one of {0}", {quoted_list(words)}), loading);
        return;
    }
    loading.diagnostics.error(
        value.at,
        tr("'{0}' cannot be \"{1}\"", {value.key, *text}),
        tr("write one of {0}", {quoted_list(words)})
    );
}

const std::string* as_text(const Value& value, std::string_view expected, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text == nullptr) {
        reject_type(value, expected, loading);
        return nullptr;
    }
    const bool printable = std::none_of(text->begin(), text->end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
    });
    if (printable && text->size() <= kTextMax) return text;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' is too long or holds control characters", {value.key}),
        tr("write {0}", {expected})
    );
    return nullptr;
}

std::optional<std::string> read_text(const Value& value, Loading& loading) {
    const std::string* text = as_text(value, tr("a text in quotes"), loading);
    if (text == nullptr) return std::nullopt;
    if (text->empty()) {
        loading.diagnostics.error(
            value.at, tr("'{0}' is empty", {value.key}), tr("write a text, or remove the key")
        );
        return std::nullopt;
    }
    return *text;
}

std::optional<std::string> read_name(const Value& value, Loading& loading) {
    const std::string* text = as_text(value, tr("a name in quotes"), loading);
    if (text == nullptr) return std::nullopt;
    if (is_name(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a name", {*text}),
        tr("write 1 to 64 letters without accents, digits, '.', '_' or '-', "
           "beginning with a letter or digit")
    );
    return std::nullopt;
}

std::optional<std::vector<std::string>> read_names(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr) {
        reject_type(value, tr("a list of names in square brackets"), loading);
        return std::nullopt;
    }
    std::vector<std::string> names;
    for (const Value& element : *array) {
        if (auto name = read_name(element, loading)) names.push_back(std::move(*name));
    }
    return names;
}

std::optional<std::string> read_path(const Value& value, Loading& loading) {
    const auto text = read_text(value, loading);
    if (!text) return std::nullopt;
    return (loading.directory / *text).lexically_normal().string();
}

std::optional<std::string> read_readable_file(const Value& value, Loading& loading) {
    auto path = read_path(value, loading);
    if (!path || !loading.look_at_files || ::access(path->c_str(), R_OK) == 0) return path;
    loading.diagnostics.error(
        value.at,
        tr("the file {0} cannot be read", {*path}),
        tr("put it there, readable by the user that runs passerelle, or correct the path")
    );
    return std::nullopt;
}

std::optional<bool> read_boolean(const Value& value, Loading& loading) {
    if (const auto* truth = std::get_if<bool>(&value.content)) return *truth;
    reject_type(value, tr("true or false, without quotes"), loading);
    return std::nullopt;
}

std::optional<model::Decimal> read_decimal(const Value& value, Loading& loading) {
    std::optional<model::Decimal> decimal;
    if (const auto* whole = std::get_if<std::int64_t>(&value.content))
        decimal = model::parse_decimal(std::to_string(*whole));
    if (const auto* number = std::get_if<double>(&value.content))
        decimal = model::decimal_from(*number);
    if (!decimal) reject_type(value, tr("a number of at most 18 digits"), loading);
    return decimal;
}

std::optional<std::string> read_pointer(const Value& value, Loading& loading) {
    const std::string* text = as_text(value, tr("a JSON pointer such as \"/m3\""), loading);
    if (text == nullptr) return std::nullopt;
    if (is_pointer(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not a JSON pointer", {*text}),
        tr("write each level after a '/', such as \"/meter/m3\"")
    );
    return std::nullopt;
}

std::optional<std::map<std::string, std::string>> read_texts(const Value& value, Loading& loading) {
    return read_map(value, read_text, loading);
}

std::optional<std::map<std::string, std::string>> read_pointers(
    const Value& value, Loading& loading
) {
    return read_map(value, read_pointer, loading);
}

std::optional<std::string> read_listen(const Value& value, Loading& loading) {
    const std::string* text =
        as_text(value, tr("an address and a port, such as \"127.0.0.1:5683\""), loading);
    if (text == nullptr) return std::nullopt;
    if (parse_listen(*text)) return *text;
    loading.diagnostics.error(
        value.at,
        tr("\"{0}\" is not an address to listen on", {*text}),
        tr("write a numeric address and a port up to 65535, such as \"127.0.0.1:5683\" or "
           "\"[::1]:5683\"")
    );
    return std::nullopt;
}

std::optional<std::string> read_listen_or_none(const Value& value, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    if (text != nullptr && text->empty()) return std::string{};
    return read_listen(value, loading);
}

std::optional<std::int64_t> read_bounded_integer(
    const Value& value, std::int64_t min, std::int64_t max, Loading& loading
) {
    const auto* number = std::get_if<std::int64_t>(&value.content);
    if (number == nullptr) {
        reject_type(value, tr("a whole number without quotes"), loading);
        return std::nullopt;
    }
    if (*number >= min && *number <= max) return *number;
    reject_range(value, std::to_string(min), std::to_string(max), loading);
    return std::nullopt;
}

std::optional<std::uint64_t> read_bounded_size(
    const Value& value, std::uint64_t min, std::uint64_t max, Loading& loading
) {
    std::optional<std::uint64_t> bytes;
    if (const auto* text = std::get_if<std::string>(&value.content)) bytes = parse_size(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value.content); number && *number >= 0)
        bytes = static_cast<std::uint64_t>(*number);
    if (!bytes) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' is not a size", {value.key}),
            tr("write a whole number and its unit in quotes, such as \"512 KiB\" or \"2 GiB\"")
        );
        return std::nullopt;
    }
    if (*bytes >= min && *bytes <= max) return bytes;
    reject_range(value, size_text(min), size_text(max), loading);
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> read_bounded_duration(
    const Value& value,
    std::chrono::milliseconds min,
    std::chrono::milliseconds max,
    Loading& loading
) {
    std::optional<std::chrono::milliseconds> duration;
    if (const auto* text = std::get_if<std::string>(&value.content))
        duration = parse_duration(*text);
    if (!duration) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' is not a duration", {value.key}),
            tr("write a whole number and its unit in quotes, such as \"50 ms\", \"30 s\", "
               "\"15 min\", \"1 h\", \"30 d\" or \"P30D\"")
        );
        return std::nullopt;
    }
    if (*duration >= min && *duration <= max) return duration;
    reject_range(value, duration_text(min), duration_text(max), loading);
    return std::nullopt;
}

std::optional<std::string> read_url_of(
    const Value& value, std::span<const std::string_view> schemes, Loading& loading
) {
    const std::string* text = as_text(value, tr("a URL in quotes"), loading);
    if (text == nullptr) return std::nullopt;
    const auto url = parse_url(*text);
    if (!url || std::find(schemes.begin(), schemes.end(), url->scheme) == schemes.end()) {
        loading.diagnostics.error(
            value.at,
            tr("'{0}' is not a URL that can be used here", {value.key}),
            tr("write {0}://host:port", {schemes.front()})
        );
        return std::nullopt;
    }
    if (url->userinfo.empty()) return *text;
    loading.diagnostics.error(
        value.at,
        tr("'{0}' holds a user name or password", {value.key}),
        tr("remove it from the URL; write username = \"…\" and password = { file = \"…\" }")
    );
    return std::nullopt;
}

}  // namespace gateway::settings
