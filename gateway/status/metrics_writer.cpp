#include "gateway/status/metrics_writer.hpp"

#include "gateway/status/utf8.hpp"

#include <array>
#include <charconv>

namespace gateway::status {
namespace {

std::string_view to_string(MetricsWriter::Type type) {
    switch (type) {
        case MetricsWriter::Type::counter:
            return "counter";
        case MetricsWriter::Type::gauge:
            return "gauge";
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
    constexpr int kDigits = 3;
    std::array<char, 64> text{};
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), number, std::chars_format::fixed, kDigits
    );
    line(labels, {text.data(), static_cast<std::size_t>(end.ptr - text.data())});
}

void MetricsWriter::line(Labels labels, std::string_view number) {
    out_ += heading_;
    heading_.clear();
    out_ += name_;
    char separator = '{';
    for (const Label& label : labels) {
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

}  // namespace gateway::status
