#include "gateway/quarantine/record.hpp"

#include "gateway/runtime/wipe.hpp"
#include "gateway/sealing/little_endian.hpp"

namespace gateway::quarantine {
namespace {

using sealing::append_number;
using sealing::take_number;

constexpr std::uint8_t kVersion = 1;

// The texts in the order of their bytes.
template <class Record, class Visit>
void visit_texts(Record& record, Visit visit) {
    visit(record.cause);
    visit(record.source);
    visit(record.topic);
    visit(record.peer);
    visit(record.payload);
}

bool take_text(std::string_view& bytes, std::string& text) {
    const auto size = take_number<std::uint32_t>(bytes);
    if (!size || bytes.size() < *size) return false;
    text = bytes.substr(0, *size);
    bytes.remove_prefix(*size);
    return true;
}

}  // namespace

std::string to_bytes(const Record& record) {
    std::string bytes;
    std::size_t size = sizeof kVersion + sizeof(std::int64_t);
    visit_texts(record, [&](const std::string& text) {
        size += sizeof(std::uint32_t) + text.size();
    });
    bytes.reserve(size);  // so that no part of it is left behind in a smaller one
    append_number(bytes, kVersion);
    append_number(bytes, std::int64_t{record.time.time_since_epoch().count()});
    visit_texts(record, [&](const std::string& text) {
        append_number(bytes, static_cast<std::uint32_t>(text.size()));
        bytes += text;
    });
    return bytes;
}

std::optional<Record> parse_record(std::string_view bytes) {
    if (take_number<std::uint8_t>(bytes) != kVersion) return std::nullopt;
    const auto time = take_number<std::int64_t>(bytes);
    if (!time) return std::nullopt;
    Record record;
    record.time = model::Instant{model::Instant::duration{*time}};
    bool is_whole = true;
    visit_texts(record, [&](std::string& text) { is_whole = is_whole && take_text(bytes, text); });
    if (!is_whole || !bytes.empty()) return std::nullopt;
    return record;
}

void wipe(Record& record) {
    visit_texts(record, [](std::string& text) { runtime::wipe(text); });
}

}  // namespace gateway::quarantine
