#include "gateway/observe/log_entry.hpp"

#include <array>

namespace gateway::observe {
namespace {

bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7f;
}

// The C1 controls are U+0080..U+009F, in UTF-8 the byte C2 and one below A0.
bool is_c1_control(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size() &&
           static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

void append_hex(std::string& out, char byte) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    out += "\\x";
    out += kDigits[value >> 4U];
    out += kDigits[value & 0x0fU];
}

void append_escaped(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_c1_control(text, i)) {
            append_hex(out, text[i]);
            append_hex(out, text[++i]);
        } else if (text[i] == '\n') {
            out += "\\n";
        } else if (is_control(static_cast<unsigned char>(text[i]))) {
            append_hex(out, text[i]);
        } else {
            out += text[i];
        }
    }
}

// Quotes what would not read as one word: key="two words".
void append_value(std::string& out, std::string_view value) {
    const bool is_word = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos;
    if (is_word) return append_escaped(out, value);
    std::string quoted;
    for (const char c : value) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    out += '"';
    append_escaped(out, quoted);
    out += '"';
}

// A journal field's name: capital letters, digits and underscores, at most 64 of them
// (sd_journal_print(3)).
std::string journal_name(std::string_view name) {
    constexpr std::size_t kJournalNameMax = 64;
    std::string out = "PASSERELLE_";
    for (const char c : name.substr(0, kJournalNameMax - out.size())) {
        const bool is_small = c >= 'a' && c <= 'z';
        const bool is_kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (is_small) {
            out += static_cast<char>(c - 'a' + 'A');
        } else {
            out += is_kept ? c : '_';
        }
    }
    return out;
}

// The numbers of syslog (RFC 5424 section 6.2.1).
std::string_view priority(Level level) {
    constexpr std::array<std::string_view, 4> kPriorities{"7", "6", "4", "3"};
    return kPriorities.at(static_cast<std::size_t>(level));
}

std::string assignment(std::string_view name, std::string_view value) {
    std::string out{name};
    out += '=';
    append_escaped(out, value);
    return out;
}

}  // namespace

LogEntry make_entry(
    Level level, std::string_view event, std::string_view text, std::span<const Field> fields
) {
    LogEntry entry{level, std::string{event}, std::string{text}, {}, 0};
    for (const Field& field : fields) entry.fields.emplace_back(field.name, field.value);
    return entry;
}

std::string_view to_string(Level level) {
    constexpr std::array<std::string_view, 4> kNames{"debug", "info", "warning", "error"};
    return kNames.at(static_cast<std::size_t>(level));
}

std::string to_line(const LogEntry& entry, model::Instant now) {
    std::string line;
    model::append_rfc3339(line, now);
    line += ' ';
    line += to_string(entry.level);
    line += ' ';
    append_escaped(line, entry.event);
    line += ": ";
    append_escaped(line, entry.text);
    for (const auto& [name, value] : entry.fields) {
        line += ' ';
        append_escaped(line, name);
        line += '=';
        append_value(line, value);
    }
    if (entry.repetitions > 0) line += " repetitions=" + std::to_string(entry.repetitions);
    line += '\n';
    return line;
}

std::vector<std::string> to_journal(const LogEntry& entry) {
    std::vector<std::string> out{
        assignment("MESSAGE", entry.text),
        assignment("PRIORITY", priority(entry.level)),
        assignment("SYSLOG_IDENTIFIER", "passerelle"),
        assignment("PASSERELLE_EVENT", entry.event),
    };
    for (const auto& [name, value] : entry.fields)
        out.push_back(assignment(journal_name(name), value));
    if (entry.repetitions > 0)
        out.push_back(assignment("PASSERELLE_REPETITIONS", std::to_string(entry.repetitions)));
    return out;
}

}  // namespace gateway::observe
