#include "gateway/subject/export_summary.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/model/message.hpp"
#include "gateway/settings/wording.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace gateway::subject {
namespace {

namespace json = boost::json;
using language::tr;
using model::translatable;

constexpr std::array<std::string_view, 11> kColumns{
    "dataset",
    "sequence",
    "device",
    "quantity",
    "value",
    "unit",
    "time",
    "time_quality",
    "attributes",
    "refused_by",
    "cause"};

std::string_view view(json::string_view text) {
    return {text.data(), text.size()};
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(view(value->get_string()));
    return json::serialize(*value);
}

// The digits of a number as they stand in the line: a JSON library would make a double of them.
std::string number_in(std::string_view line, std::string_view member) {
    const auto start = line.find(member);
    if (start == std::string_view::npos) return {};
    const auto from = start + member.size();
    return std::string(line.substr(from, line.find_first_of(",}", from) - from));
}

// The attributes as they stand in the line, for the same reason.
std::string_view attributes_in(std::string_view line) {
    constexpr std::string_view kMember = ",\"attributes\":";
    const auto start = line.find(kMember);
    if (start == std::string_view::npos) return {};
    const auto from = start + kMember.size();
    auto end = line.rfind(",\"refused_by\":");
    if (end == std::string_view::npos || end < from) end = line.size() - 1;
    return line.substr(from, end - from);
}

void append_cell(std::string& out, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

const settings::Dataset* find_dataset(const settings::Settings& settings, const std::string& name) {
    const auto& datasets = settings.datasets;
    const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const auto& dataset) {
        return dataset.name == name;
    });
    return found == datasets.end() ? nullptr : &*found;
}

// The uplinks that take a dataset.
std::string recipients_of(const settings::Settings& settings, const std::string& dataset) {
    std::string names;
    for (const settings::Uplink& uplink : settings.uplinks) {
        const auto& taken = uplink.datasets;
        const bool takes =
            taken.empty() || std::find(taken.begin(), taken.end(), dataset) != taken.end();
        if (takes) names.append(names.empty() ? "" : ", ").append(uplink.name);
    }
    return names.empty() ? tr("nobody") : names;
}

void append_line(
    std::string& out, const char* text, std::initializer_list<std::string_view> arguments
) {
    out.append(tr(text, arguments)).append("\n");
}

void append_dataset(
    std::string& out, const settings::Settings& settings, const ExportTally::Dataset& tally
) {
    const settings::Dataset* dataset = find_dataset(settings, tally.name);
    if (dataset == nullptr) return;
    // Translators: the language that people read here, "fr" in French.
    const std::string& worded = settings::worded(dataset->title, tr("en"));
    const std::string& title = worded.empty() ? dataset->name : worded;
    const auto days = std::chrono::duration_cast<std::chrono::hours>(dataset->retention) / 24;
    out.append("\n* ").append(title).append("\n");
    append_line(out, translatable("  Why it is collected: {0}"), {dataset->purpose});
    append_line(out, translatable("  Legal basis: {0}"), {dataset->legal_basis});
    append_line(
        out, translatable("  Kept here for at most {0} days"), {std::to_string(days.count())}
    );
    append_line(out, translatable("  Sent to: {0}"), {recipients_of(settings, dataset->name)});
    append_line(
        out,
        translatable("  Readings held: {0}; refused by a recipient and kept apart: {1}"),
        {std::to_string(tally.readings), std::to_string(tally.dead_letters)}
    );
    if (!tally.first.empty())
        append_line(out, translatable("  From {0} to {1}"), {tally.first, tally.last});
    for (const auto& [quantity, count] : tally.quantities)
        append_line(out, translatable("  - {0}: {1}"), {quantity, std::to_string(count)});
}

}  // namespace

std::string_view ExportTally::csv_head() {
    return "dataset,sequence,device,quantity,value,unit,time,time_quality,attributes,refused_by,"
           "cause\r\n";
}

std::string ExportTally::add(std::string_view line) {
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
    if (failure || !value.is_object() || datasets_.empty()) return {};
    const json::object& object = value.get_object();
    Dataset& dataset = datasets_.back();
    ++(object.contains("refused_by") ? dataset.dead_letters : dataset.readings);
    ++dataset.quantities[text_of(object, "quantity")];
    const std::string time = text_of(object, "time");
    if (dataset.first.empty() || time < dataset.first) dataset.first = time;
    dataset.last = std::max(dataset.last, time);
    std::string row;
    for (const std::string_view column : kColumns) {
        if (!row.empty()) row += ',';
        if (column == "value") {
            append_cell(row, number_in(line, ",\"value\":"));
        } else if (column == "attributes") {
            append_cell(row, attributes_in(line));
        } else {
            append_cell(row, text_of(object, column));
        }
    }
    return row + "\r\n";
}

std::string export_summary(
    const settings::Settings& settings,
    const ExportTally& tally,
    const std::vector<ExportedFile>& files,
    model::Instant at
) {
    std::string out = tr("What is held about you");
    out += "\n\n";
    const auto& record = settings.record;
    const std::string& controller =
        record.controller.empty() ? settings.gateway.city : record.controller;
    append_line(
        out,
        translatable("The gateway {0} of {1} holds the following, on {2}."),
        {settings.gateway.id, controller, model::to_rfc3339(at)}
    );
    for (const auto& dataset : tally.datasets()) append_dataset(out, settings, dataset);
    out += '\n';
    append_line(
        out,
        translatable("Where the place of a name is taken by a code (a pseudonym), only the "
                     "gateway's key leads "
                     "from the name to the code. What was delivered and is no longer held here is "
                     "asked for at "
                     "the recipients."),
        {}
    );
    append_line(
        out,
        translatable("You may have it corrected, erased or no longer stored, and complain to the "
                     "authority for "
                     "data protection."),
        {}
    );
    if (!record.contact.empty()) append_line(out, translatable("Write to: {0}"), {record.contact});
    out += '\n';
    append_line(out, translatable("Files, and the SHA-256 of each:"), {});
    for (const ExportedFile& file : files)
        out.append(file.name).append("  ").append(file.sha256).append("\n");
    return out;
}

std::string export_manifest(
    const settings::Settings& settings,
    const ExportTally& tally,
    const std::vector<ExportedFile>& files,
    model::Instant at
) {
    json::object manifest;
    manifest["gateway"] = settings.gateway.id;
    manifest["city"] = settings.gateway.city;
    manifest["at"] = model::to_rfc3339(at);
    json::array datasets;
    for (const auto& dataset : tally.datasets()) {
        datasets.push_back(json::object{
            {"name", dataset.name},
            {"readings", dataset.readings},
            {"dead_letters", dataset.dead_letters},
            {"first", dataset.first},
            {"last", dataset.last}});
    }
    manifest["datasets"] = std::move(datasets);
    json::array listed;
    for (const ExportedFile& file : files)
        listed.push_back(json::object{{"name", file.name}, {"sha256", file.sha256}});
    manifest["files"] = std::move(listed);
    return json::serialize(manifest) + "\n";
}

}  // namespace gateway::subject
