#include "gateway/settings/format_loader.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/values.hpp"

#include <algorithm>
#include <array>

namespace gateway::settings {
namespace {

using language::tr;
using TimeUnit = JsonMapping::TimeUnit;

// A format and what goes with it.
struct FormatKind {
    std::string_view name;
    bool envelope = false;  // carries the bytes of another format: `payload` names it
};

constexpr std::array kFormats = {
    FormatKind{"json"},
    FormatKind{"senml-json"},
    FormatKind{"senml-cbor"},
    FormatKind{"protobuf"},
    FormatKind{"chirpstack", true},
    FormatKind{"the-things-stack", true},
    FormatKind{"cayenne-lpp"}};

constexpr std::array kPayloads = {Choice<std::string_view>{"cayenne-lpp", "cayenne-lpp"}};

constexpr std::array kTimeUnits = {
    Choice<TimeUnit>{"automatic", TimeUnit::automatic},
    Choice<TimeUnit>{"seconds", TimeUnit::second},
    Choice<TimeUnit>{"milliseconds", TimeUnit::millisecond}};

constexpr std::array kReadingKeys = {
    Key<JsonReading>{"quantity", into<&JsonReading::quantity, read_text>, Presence::required},
    Key<JsonReading>{"path", into<&JsonReading::path, read_pointer>, Presence::required},
    Key<JsonReading>{"unit", into<&JsonReading::unit, read_text>, Presence::required}};

// Keeps a place for each element, also for a faulty one: later checks find their places by number.
std::optional<std::vector<JsonReading>> read_readings(const Value& value, Loading& loading) {
    const auto* array = std::get_if<Array>(&value.content);
    if (array == nullptr || array->empty()) {
        reject_type(
            value,
            tr("a list such as [{ quantity = \"water.volume\", path = \"/m3\", unit = \"m3\" }]"),
            loading
        );
        return std::nullopt;
    }
    std::vector<JsonReading> readings;
    for (const Value& element : *array) {
        readings.push_back(read_table<JsonReading>(element, "readings", kReadingKeys, loading)
                               .value_or(JsonReading{}));
    }
    return readings;
}

constexpr std::array kJsonKeys = {
    Key<JsonMapping>{"device", into<&JsonMapping::device, read_pointer>},
    Key<JsonMapping>{"time", into<&JsonMapping::time, read_pointer>},
    Key<JsonMapping>{"time_unit", into<&JsonMapping::time_unit, read_choice<kTimeUnits>>},
    Key<JsonMapping>{"samples", into<&JsonMapping::samples, read_pointer>},
    Key<JsonMapping>{"readings", into<&JsonMapping::readings, read_readings>, Presence::required},
    Key<JsonMapping>{"attributes", into<&JsonMapping::attributes, read_pointers>}};

std::optional<JsonMapping> read_mapping(const Value& value, Loading& loading) {
    return read_table<JsonMapping>(value, "[source.json]", kJsonKeys, loading);
}

std::optional<std::string> read_format_name(const Value& value, Loading& loading) {
    const auto* text = std::get_if<std::string>(&value.content);
    const auto names = known_formats();
    if (text != nullptr && std::find(names.begin(), names.end(), *text) != names.end())
        return *text;
    reject_choice(value, names, loading);
    return std::nullopt;
}

std::optional<std::string> read_payload(const Value& value, Loading& loading) {
    const auto payload = read_choice<kPayloads>(value, loading);
    return payload ? std::optional{std::string{*payload}} : std::nullopt;
}

constexpr Key<Format> kNameKey[] = {
    {"format", into<&Format::name, read_format_name>, Presence::required}};
constexpr Key<Format> kPayloadKey[] = {{"payload", into<&Format::payload, read_payload>}};
constexpr Key<Format> kMappingKey[] = {
    {"json", into<&Format::json, read_mapping>, Presence::required}};
constexpr Key<Format> kQuantitiesKey[] = {{"quantities", into<&Format::quantities, read_texts>}};

}  // namespace

// The format decides which of the other keys exist. Where its name is wrong, all of them do, so
// that one mistake is one diagnostic.
void read_format(TableReader& reader, Format& format) {
    format.name.clear();
    reader.read<Format>(kNameKey, format);
    const auto kind = std::find_if(kFormats.begin(), kFormats.end(), [&](const FormatKind& known) {
        return known.name == format.name;
    });
    if (kind == kFormats.end()) {
        for (const std::string_view name : {"payload", "json", "quantities"}) reader.take(name);
        return;
    }
    if (kind->name == "json") {
        reader.read<Format>(kMappingKey, format);
    } else {
        reader.read<Format>(kQuantitiesKey, format);
    }
    if (kind->envelope) reader.read<Format>(kPayloadKey, format);
    reader.know_elsewhere("json", "format = \"json\"");
    reader.know_elsewhere("payload", tr("an envelope such as format = \"chirpstack\""));
    reader.know_elsewhere("quantities", tr("the formats that name their quantities themselves"));
}

std::vector<std::string_view> known_formats() {
    std::vector<std::string_view> names;
    names.reserve(kFormats.size());
    for (const FormatKind& format : kFormats) names.push_back(format.name);
    return names;
}

}  // namespace gateway::settings
