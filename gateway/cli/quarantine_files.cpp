#include "gateway/cli/quarantine_files.hpp"

#include "gateway/cli/reading_json.hpp"
#include "gateway/cli/text_table.hpp"
#include "gateway/language/failure.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/quarantine/envelope.hpp"
#include "gateway/quarantine/record.hpp"
#include "gateway/quarantine/sealed_files.hpp"
#include "gateway/runtime/key_text.hpp"
#include "gateway/status/utf8.hpp"

#include <filesystem>
#include <ostream>

namespace gateway::cli {
namespace {

using language::tr;

// Calls `use` with each envelope; how many damaged places there were, or nothing when the directory
// cannot be read, which is said.
template <class Use>
std::optional<std::uint64_t> visit_envelopes(
    const std::string& directory, CommandContext& context, Use use
) {
    std::error_code failure;
    static_cast<void>(std::filesystem::directory_iterator(directory, failure));
    if (failure) {
        context.err << tr("the quarantine {0} cannot be read: {1}",
                          {directory, language::failure_words(failure)})
                    << '\n';
        return std::nullopt;
    }
    std::uint64_t damaged = 0;
    for (const std::uint64_t number : quarantine::sealed_files(directory)) {
        const auto bytes = quarantine::read_sealed_file(quarantine::sealed_file(directory, number));
        if (!bytes) {
            ++damaged;
            continue;
        }
        quarantine::EnvelopeReader reader(*bytes);
        while (const auto envelope = reader.next()) use(*envelope);
        damaged += reader.damaged();
    }
    if (damaged > 0)
        context.err << tr("damaged places that were stepped over: {0}", {std::to_string(damaged)})
                    << '\n';
    return damaged;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const char byte : bytes) {
        const auto number = static_cast<unsigned char>(byte);
        text += kDigits[number >> 4U];
        text += kDigits[number & 0xfU];
    }
    return text;
}

// The bytes as a text under `name`, or in hexadecimal under `name`_hex.
void append_bytes(std::string& json, const std::string& name, std::string_view bytes) {
    json += ',';
    if (status::to_utf8(bytes) == bytes) return append_member(json, name.c_str(), bytes);
    append_member(json, (name + "_hex").c_str(), hex(bytes));
}

std::string to_json(const quarantine::Record& record) {
    std::string json = "{\"time\":null";
    if (record.time != quarantine::kUndated) {
        json = '{';
        append_member(json, "time", model::to_rfc3339(record.time));
    }
    append_bytes(json, "cause", record.cause);
    append_bytes(json, "source", record.source);
    append_bytes(json, "topic", record.topic);
    append_bytes(json, "peer", record.peer);
    append_bytes(json, "payload", record.payload);
    return json += '}';
}

}  // namespace

std::optional<std::uint64_t> open_records(
    const std::string& directory, const sealing::Opener& opener, CommandContext& context
) {
    std::uint64_t foreign = 0;
    const auto damaged = visit_envelopes(directory, context, [&](const auto& envelope) {
        const auto bytes = opener.open(envelope.sealed);
        const auto record = bytes ? quarantine::parse_record(*bytes) : std::nullopt;
        if (record) {
            context.out << to_json(*record) << '\n';
        } else {
            ++foreign;
        }
    });
    if (foreign > 0)
        context.err << tr("records sealed for another key, or by a newer version: {0}",
                          {std::to_string(foreign)})
                    << '\n';
    if (!damaged) return std::nullopt;
    return *damaged + foreign;
}

bool list_records(const std::string& directory, CommandContext& context) {
    TextTable table{{TextTable::Align::left, TextTable::Align::left, TextTable::Align::right}};
    table.add({tr("TIME"), tr("CAUSE"), tr("BYTES")});
    const auto damaged = visit_envelopes(directory, context, [&](const auto& envelope) {
        const bool is_dated = envelope.time != quarantine::kUndated;
        table.add(
            {is_dated ? model::to_rfc3339(envelope.time) : std::string{tr("not known")},
             envelope.cause,
             std::to_string(envelope.sealed.size())}
        );
    });
    if (damaged) context.out << table.text();
    return damaged.has_value();
}

}  // namespace gateway::cli
