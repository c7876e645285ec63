#pragma once
#include "gateway/model/decimal.hpp"
#include "gateway/settings/settings.hpp"
#include "gateway/settings/table_reader.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The kinds of value a key can have. Each reader gives nothing after it has said what is wrong.
namespace gateway::settings {

std::optional<std::string> read_text(const Value& value, Loading& loading);

// A name that appears in file names, topics and reports: letters, digits, '.', '_' and '-', at most
// 64, the first a letter or digit.
std::optional<std::string> read_name(const Value& value, Loading& loading);

std::optional<std::vector<std::string>> read_names(const Value& value, Loading& loading);

// A file or directory; relative to the configuration file's directory.
std::optional<std::string> read_path(const Value& value, Loading& loading);

// A path to a file that this process can read.
std::optional<std::string> read_readable_file(const Value& value, Loading& loading);

std::optional<bool> read_boolean(const Value& value, Loading& loading);

std::optional<model::Decimal> read_decimal(const Value& value, Loading& loading);

// A JSON pointer (RFC 6901): "" or "/a/b".
std::optional<std::string> read_pointer(const Value& value, Loading& loading);

// A table of texts: attribute or sender's name -> text.
std::optional<std::map<std::string, std::string>> read_texts(const Value& value, Loading& loading);
std::optional<std::map<std::string, std::string>> read_pointers(
    const Value& value, Loading& loading
);

// "127.0.0.1:8080", and the same or "" for none.
std::optional<std::string> read_listen(const Value& value, Loading& loading);
std::optional<std::string> read_listen_or_none(const Value& value, Loading& loading);

// Reports a value of the wrong type. `expected` says what to write.
void reject_type(const Value& value, std::string_view expected, Loading& loading);

// The text of a value that must be one; null and a diagnostic otherwise.
const std::string* as_text(const Value& value, std::string_view expected, Loading& loading);

// Bounded readers: the untyped work is done once, in values.cpp.
std::optional<std::int64_t> read_bounded_integer(
    const Value& value, std::int64_t min, std::int64_t max, Loading& loading
);
std::optional<std::uint64_t> read_bounded_size(
    const Value& value, std::uint64_t min, std::uint64_t max, Loading& loading
);
std::optional<std::chrono::milliseconds> read_bounded_duration(
    const Value& value,
    std::chrono::milliseconds min,
    std::chrono::milliseconds max,
    Loading& loading
);

template <class Integer, std::int64_t Min, std::int64_t Max>
std::optional<Integer> read_integer(const Value& value, Loading& loading) {
    const auto number = read_bounded_integer(value, Min, Max, loading);
    return number ? std::optional{static_cast<Integer>(*number)} : std::nullopt;
}

// "512 KiB", or a number of bytes.
template <class Integer, std::uint64_t Min, std::uint64_t Max>
std::optional<Integer> read_size(const Value& value, Loading& loading) {
    const auto bytes = read_bounded_size(value, Min, Max, loading);
    return bytes ? std::optional{static_cast<Integer>(*bytes)} : std::nullopt;
}

// "50 ms", "2min", "P30D"; bounds in milliseconds.
template <class Duration, std::int64_t Min, std::int64_t Max>
std::optional<Duration> read_duration(const Value& value, Loading& loading) {
    const auto duration = read_bounded_duration(
        value, std::chrono::milliseconds{Min}, std::chrono::milliseconds{Max}, loading
    );
    if (!duration) return std::nullopt;
    return std::chrono::duration_cast<Duration>(*duration);
}

inline constexpr std::int64_t kSecond = 1000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

// One of a fixed set of words.
template <class T>
struct Choice {
    std::string_view word;
    T means;
};

void reject_choice(const Value& value, std::span<const std::string_view> words, Loading& loading);

template <const auto& Choices>
auto read_choice(const Value& value, Loading& loading)
    -> std::optional<decltype(Choices[0].means)> {
    std::vector<std::string_view> words;
    const auto* text = std::get_if<std::string>(&value.content);
    for (const auto& choice : Choices) {
        if (text != nullptr && *text == choice.word) return choice.means;
        words.push_back(choice.word);
    }
    reject_choice(value, words, loading);
    return std::nullopt;
}

// A URL of one of the schemes, without user name and password.
std::optional<std::string> read_url_of(
    const Value& value, std::span<const std::string_view> schemes, Loading& loading
);

template <const auto& Schemes>
std::optional<std::string> read_url(const Value& value, Loading& loading) {
    return read_url_of(value, Schemes, loading);
}

}  // namespace gateway::settings
