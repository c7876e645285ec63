#include "gateway/status/metrics_writer.hpp"

#include "gateway/status/utf8.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace gateway::status {
namespace {

std::string_view to_string(MetricsWriter::Type type) {
    switch (type) {
        case MetricsWriter::Type::counter:
            return "counter";
        case MetricsWriter::Type::gauge:
            return "gauge";
        case MetricsWriter::Type::histogram:
            return "histogram";
        case MetricsWriter::Type::info:
            return "info";
        case MetricsWriter::Type::stateset:
            return "stateset";
    }
    return "unknown";
}

std::string_view suffix(MetricsWriter::Type type) {
    if (type == MetricsWriter::Type::counter) return "_total";
    return type == MetricsWriter::Type::info ? "_info" : "";
}

// Escapes as in OpenMetrics 1.0.0, "escaped-string".
std::string escape(std::string_view text) {
    std::string out;
    for (const char c : to_utf8(text)) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string fixed_point(double number) {
    constexpr int kDigits = 3;
    std::array<char, 64> text{};
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), number, std::chars_format::fixed, kDigits
    );
    return {text.data(), end.ptr};
}

// As OpenMetrics wants a bound, "0.25" or "10.0".
std::string bound_text(double bound) {
    std::array<char, 64> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), bound, std::chars_format::fixed);
    std::string out{text.data(), end.ptr};
    return out.find('.') == std::string::npos ? out + ".0" : out;
}

}  // namespace

void MetricsWriter::family(
    std::string_view name, Type type, std::string_view unit, std::string_view help
) {
    name_ = name;
    heading_ = "# TYPE " + name_ + ' ';
    heading_ += to_string(type);
    heading_ += '\n';
    if (!unit.empty()) {
        heading_ += "# UNIT " + name_ + ' ';
        heading_ += unit;
        heading_ += '\n';
    }
    heading_ += "# HELP " + name_ + ' ' + escape(help) + '\n';
    name_ += suffix(type);
}

void MetricsWriter::sample(Labels labels, double number) {
    line(labels, fixed_point(number));
}

void MetricsWriter::sample(const Label& label, const observe::Histogram& histogram) {
    const auto bounds = histogram.bounds();
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        const std::string bound = i < bounds.size() ? bound_text(bounds[i]) : "+Inf";
        const std::string count = std::to_string(histogram.count_up_to(i));
        line({label, {"le", bound}}, count, "_bucket");
    }
    line({label}, std::to_string(histogram.count()), "_count");
    line({label}, fixed_point(histogram.sum()), "_sum");
}

void MetricsWriter::line(Labels labels, std::string_view number, std::string_view suffix) {
    out_ += heading_;
    heading_.clear();
    out_ += name_;
    out_ += suffix;
    char separator = '{';
    for (const Label& label : labels) {
        if (label.name.empty()) continue;
        out_ += separator;
        out_ += label.name;
        out_ += "=\"";
        out_ += escape(label.value);
        out_ += '"';
        separator = ',';
    }
    if (separator == ',') out_ += '}';
    out_ += ' ';
    out_ += number;
    out_ += '\n';
}

std::string MetricsWriter::finish() {
    out_ += "# EOF\n";
    return std::move(out_);
}

std::int64_t to_seconds(model::Instant time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace gateway::status
