#include "gateway/cli/option_value.hpp"

#include "gateway/decode/decoder.hpp"
#include "gateway/language/translate.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace gateway::cli {
namespace {

using language::tr;
using Kind = OptionValue::Kind;

// CLI11 keeps the values that a validator allows nowhere but in what it says of others; so it is
// asked about one that none allows.
constexpr const char* kAllowedByNone = "\x7f";
// Beyond it a bound is that of the number's type.
constexpr double kBoundMax = 1e15;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// "0.100000" as a person writes it; empty for a bound that is none.
std::string bound(const std::string& text) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (number > kBoundMax || number < -kBoundMax) return {};
    const auto point = text.find('.');
    if (point == std::string::npos) return text;
    const auto last = text.find_last_not_of('0');
    return text.substr(0, last == point ? point : last + 1);
}

// What a name of the configuration is, by the option it stands behind.
Kind kind_of_name(const CLI::Option& option) {
    if (option.check_name("--dataset")) return Kind::dataset;
    if (option.check_name("--source")) return Kind::source;
    if (option.check_name("--uplink")) return Kind::uplink;
    return Kind::text;
}

OptionValue validated(CLI::Option& option) {
    for (int index = 0;; ++index) {
        std::string word = kAllowedByNone;
        try {
            auto allowed = allowed_by((*option.get_validator(index))(word));
            if (allowed.kind != Kind::none) return allowed;
        } catch (const CLI::OptionNotFound&) {  // there are no more
            return {};
        }
    }
}

}  // namespace

OptionValue allowed_by(const std::string& text) {
    constexpr std::string_view kSet = " not in {";
    constexpr std::string_view kRange = " not in range ";
    constexpr std::string_view kTo = " to ";
    OptionValue value;
    if (const auto set = text.find(kSet); set != std::string::npos) {
        const auto begin = set + kSet.size();
        value.kind = Kind::words;
        value.words = split(std::string_view(text).substr(begin, text.rfind('}') - begin), ',');
    } else if (const auto range = text.find(kRange); range != std::string::npos) {
        const auto begin = range + kRange.size();
        const auto to = text.find(kTo, begin);
        value.kind = Kind::text;
        value.from = bound(text.substr(begin, to - begin));
        value.to = bound(text.substr(to + kTo.size()));
    }
    return value;
}

OptionValue value_of(CLI::Option& option) {
    const std::string word = value_word(option);
    if (option.get_items_expected_max() == 0) return {};
    if (auto value = validated(option); value.kind != Kind::none) return value;
    OptionValue value{Kind::text, {}, {}, {}};
    if (word == tr("FILE")) value.kind = Kind::file;
    if (word == tr("DIRECTORY")) value.kind = Kind::directory;
    if (word == tr("NAME")) value.kind = kind_of_name(option);
    if (word == tr("FORMAT")) {
        value.kind = Kind::words;
        for (const auto& name : decode::format_names()) value.words.emplace_back(name);
    }
    return value;
}

std::string value_word(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0) return {};
    std::string word = option.get_type_name();
    word.resize(std::min(word.find(':'), word.size()));  // what a validator adds, in English
    // CLI11's own words, of options that give none.
    if (word == "TEXT") return tr("TEXT");
    if (word == "INT" || word == "UINT" || word == "FLOAT") return tr("NUMBER");
    return word;
}

std::string shown_name(const CLI::Option& option) {
    if (option.nonpositional()) return option.get_name();
    const std::string word = value_word(option);
    return word.empty() ? option.get_name() : word;
}

}  // namespace gateway::cli
