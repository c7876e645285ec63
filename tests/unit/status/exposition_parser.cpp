#include "tests/unit/status/exposition_parser.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>

namespace tests::status {
namespace {

class Parser {
  public:
    std::map<std::string, Family> parse(std::string_view text) {
        bool has_ended = false;
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            line_ = std::string{text.substr(0, end)};
            require(end != std::string_view::npos, "line without its end");
            require(!has_ended, "text after the end");
            has_ended = line_ == "# EOF";
            if (!has_ended) take_line();
            text.remove_prefix(end + 1);
        }
        require(has_ended, "no # EOF");
        return families_;
    }

  private:
    void require(bool holds, const char* rule) const {
        if (!holds) throw std::runtime_error(std::string{rule} + ": " + line_);
    }

    void take_line() {
        require(line_.find('\r') == std::string::npos, "carriage return");
        if (line_.starts_with('#')) {
            take_descriptor();
        } else {
            take_sample();
        }
    }

    void take_descriptor() {
        static const std::regex kDescriptor{"# (TYPE|UNIT|HELP) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)"};
        std::smatch part;
        require(std::regex_match(line_, part, kDescriptor), "not a descriptor");
        const std::string name = part[2];
        if (name != current_) open_family(name);
        Family& family = families_[name];
        require(family.samples.empty(), "descriptor after a sample");
        require(descriptors_.insert(part[1]).second, "descriptor given twice");
        if (part[1] == "TYPE") take_type(family, part[3]);
        if (part[1] == "UNIT") take_unit(family, name, part[3]);
        if (part[1] == "HELP") family.help = unescape(part[3].str());
    }

    void open_family(const std::string& name) {
        require(families_.count(name) == 0, "families interleave");
        current_ = name;
        descriptors_.clear();
        series_.clear();
    }

    void take_type(Family& family, const std::string& type) const {
        static const std::set<std::string> kTypes{
            "counter", "gauge", "histogram", "gaugehistogram", "stateset", "info", "summary"};
        require(kTypes.count(type) == 1, "no such type");
        family.type = type;
    }

    void take_unit(Family& family, const std::string& name, const std::string& unit) const {
        require(name.ends_with('_' + unit), "the name does not end in its unit");
        family.unit = unit;
    }

    void take_sample() {
        std::size_t at = line_.find_first_of("{ ");
        require(at != std::string::npos, "sample without a value");
        Sample sample{line_.substr(0, at), {}, 0};
        const std::string series = line_.substr(0, line_.rfind(' '));
        if (line_[at] == '{') at = take_labels(sample, at + 1);
        require(at < line_.size() && line_[at] == ' ', "no space before the value");
        const char* const first = line_.data() + at + 1;
        const char* const last = line_.data() + line_.size();
        const auto [end, failure] = std::from_chars(first, last, sample.value);
        require(failure == std::errc{} && end == last, "not a number");
        require(series_.insert(series).second, "series given twice");
        check_by_type(sample);
        families_[current_].samples.push_back(std::move(sample));
    }

    // From behind the opening brace to behind the closing one.
    std::size_t take_labels(Sample& sample, std::size_t at) const {
        static const std::regex kLabel{
            R"re(^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"([,}]))re"};
        for (;;) {
            std::smatch part;
            const std::string rest = line_.substr(at);
            require(std::regex_search(rest, part, kLabel), "not a label");
            const bool is_new = sample.labels.emplace(part[1], unescape(part[2].str())).second;
            require(is_new, "label given twice");
            at += static_cast<std::size_t>(part.length());
            if (part[3] == "}") return at;
        }
    }

    std::string unescape(const std::string& text) const {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\') {
                out += text[i];
                continue;
            }
            require(i + 1 < text.size(), "escape without a character");
            const char escaped = text[++i];
            require(escaped == 'n' || escaped == '"' || escaped == '\\', "no such escape");
            out += escaped == 'n' ? '\n' : escaped;
        }
        return out;
    }

    void check_by_type(const Sample& sample) {
        const Family& family = families_[current_];
        const bool is_counter = family.type == "counter";
        const bool is_info = family.type == "info";
        if (family.type == "histogram") return check_histogram(sample);
        const char* suffix = is_counter ? "_total" : is_info ? "_info" : "";
        require(sample.name == current_ + suffix, "sample of another family");
        require(!is_counter || sample.value >= 0, "negative counter");
        require(!is_info || sample.value == 1, "info that is not 1");
        if (family.type != "stateset") return;
        require(sample.labels.count(current_) == 1, "state without its label");
        require(sample.value == 0 || sample.value == 1, "state that is neither 0 nor 1");
    }

    // Buckets rise to the count that stands behind them, and the sum ends them.
    void check_histogram(const Sample& sample) {
        const std::string part = sample.name.substr(std::min(current_.size(), sample.name.size()));
        if (part == "_bucket") {
            require(sample.labels.count("le") == 1, "bucket without its bound");
            require(sample.value >= bucket_, "buckets that fall");
            bucket_ = sample.value;
            is_last_ = sample.labels.at("le") == "+Inf";
        } else if (part == "_count") {
            require(is_last_ && sample.value == bucket_, "count that is not that of the buckets");
        } else {
            require(part == "_sum" && is_last_, "sample of another family");
            bucket_ = 0;
        }
    }

    double bucket_ = 0;  // of the histogram that is being read
    bool is_last_ = false;
    std::string line_;
    std::string current_;
    std::set<std::string> descriptors_;
    std::set<std::string> series_;
    std::map<std::string, Family> families_;
};

}  // namespace

std::map<std::string, Family> parse_exposition(std::string_view text) {
    return Parser{}.parse(text);
}

}  // namespace tests::status
