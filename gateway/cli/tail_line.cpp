#include "gateway/cli/tail_line.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/time.hpp"
#include "gateway/status/words.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdint>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;

std::string as_text(std::string text) {
    const auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    };
    std::replace_if(text.begin(), text.end(), is_control, ' ');
    return text;
}

std::string text_of(const json::object& line, const char* name) {
    const json::value* value = line.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return as_text({value->get_string().data(), value->get_string().size()});
}

std::uint64_t number_of(const json::object& line, const char* name) {
    const json::value* value = line.if_contains(name);
    boost::system::error_code failure;
    if (value == nullptr) return 0;
    const auto number = value->to_number<std::uint64_t>(failure);
    return failure ? 0 : number;
}

// Where a value stands in the line: a number is shown with the digits that it came with.
std::string digits_of(std::string_view line) {
    constexpr std::string_view kMember = "\"value\":";
    const std::size_t at = line.find(kMember);
    if (at == std::string_view::npos) return {};
    const std::size_t begin = at + kMember.size();
    return std::string{line.substr(begin, line.find_first_of(",}", begin) - begin)};
}

std::string time_of(const json::object& line) {
    const auto time = model::parse_rfc3339(text_of(line, "time"));
    if (!time) return {};
    const bool is_guess = text_of(line, "time_quality") == "uncertain";
    const std::string words = status::time_words(*time);
    return is_guess ? tr("{0} (uncertain)", {words}) : words;
}

std::string attributes_of(const json::object& line) {
    const json::value* value = line.if_contains("attributes");
    if (value == nullptr || !value->is_object() || value->get_object().empty()) return {};
    return as_text(json::serialize(*value));
}

// Two blanks between what is there.
std::string joined(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts) {
        if (!part.empty() && !text.empty()) text += "  ";
        text += part;
    }
    return text;
}

std::string stored_text(const json::object& line, std::string_view given) {
    const std::string quantity = text_of(line, "quantity");
    if (!line.contains("value")) {
        return joined(
            {text_of(line, "dataset"),
             quantity,
             tr("a reading; the dataset keeps no exact times, so no more of it is shown")}
        );
    }
    const std::string unit = text_of(line, "unit");
    return joined(
        {text_of(line, "dataset"),
         text_of(line, "device"),
         quantity + ' ' + digits_of(given) + (unit == "1" ? "" : ' ' + unit),
         time_of(line),
         attributes_of(line)}
    );
}

std::string refused_text(const json::object& line) {
    const std::uint64_t readings = number_of(line, "readings");
    std::string cause = tr("refused: {0}", {status::cause_words(text_of(line, "cause"))});
    if (readings > 1) cause += " (" + status::number_words(readings) + ')';
    return joined(
        {text_of(line, "dataset"),
         cause,
         tr("source {0}", {text_of(line, "source")}),
         time_of(line)}
    );
}

}  // namespace

TailLine read_tail_line(std::string_view text) {
    using Kind = TailLine::Kind;
    boost::system::error_code failure;
    const json::value value = json::parse({text.data(), text.size()}, failure);
    if (failure || !value.is_object()) return {};
    const json::object& line = value.get_object();
    const std::string event = text_of(line, "event");
    if (event == "stored") return {Kind::event, stored_text(line, text)};
    if (event == "refused") return {Kind::event, refused_text(line)};
    if (event != "missed") return {};
    const std::string lines = status::number_words(number_of(line, "lines"));
    return {Kind::missed, tr("--- {0} not shown: they came faster than they were taken.", {lines})};
}

}  // namespace gateway::cli
