#include "gateway/cli/register_json.hpp"

#include "gateway/cli/rule_words.hpp"
#include "gateway/cli/store_inventory.hpp"
#include "gateway/cli/technique.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/settings/register_loader.hpp"
#include "gateway/settings/rule_text.hpp"

#include <boost/json.hpp>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;

// The form of the document. It grows when a member changes its meaning or goes, not for a new one.
constexpr int kVersion = 1;

// Round brackets: braces would make a list of the one text.
json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value() : json::value(text);
}

json::object field_json(const RecordedField& field, const char* passes) {
    return {
        {"field", field.name},
        {"class",
         field.belongs_to ? json::value(settings::to_string(*field.belongs_to)) : json::value()},
        {"rule", settings::to_string(field.rule)},
        {"effect", rule_sentence(field.rule)},
        {"technique", technique(field.rule)},
        {passes, field.passes}};
}

json::array fields_json(const std::vector<RecordedField>& fields, const char* passes) {
    json::array list;
    for (const auto& field : fields) list.push_back(field_json(field, passes));
    return list;
}

json::object exposure_json(const Exposure& exposure) {
    return {
        {"output", to_string(exposure.output)},
        {"personal", is_personal(exposure.output)},
        {"singling_out", to_string(exposure.singling_out)},
        {"linkability", to_string(exposure.linkability)},
        {"inference", to_string(exposure.inference)},
        {"statement", exposure_statement(exposure.output)}};
}

json::object source_json(const RecordedSource& source) {
    return {
        {"source", source.name},
        {"driver", source.transport.kind},
        {"format", source.format},
        {"address", text_or_null(source.transport.address)},
        {"encrypted", source.transport.is_encrypted},
        {"stays_here", source.transport.stays_here},
        {"authenticated", source.transport.is_authenticated}};
}

json::value sum_json(const settings::Sum* sum) {
    if (sum == nullptr) return {};
    json::object out{
        {"sum", sum->name},
        {"from", sum->from},
        {"quantity", sum->quantity},
        {"window_s", sum->window.count()},
        {"technique", technique(*sum)}};
    if (const auto* threshold = std::get_if<settings::Threshold>(&sum->protection)) {
        out["meters_min"] = threshold->meters_min;
        out["share_percent_max"] = threshold->share_percent_max;
    }
    if (const auto* noise = std::get_if<settings::Noise>(&sum->protection)) {
        out["contribution_max"] = model::to_string(noise->contribution_max);
        out["epsilon"] = model::to_string(noise->epsilon);
        out["cap"] = model::to_string(noise->cap);
        out["period_s"] = noise->period.count();
    }
    return out;
}

json::object delivery_json(const RecordedDelivery& delivery) {
    return {
        {"uplink", delivery.uplink},
        {"recipient", delivery.recipient},
        {"kind", delivery.transport.kind},
        {"address", delivery.transport.address},
        {"encrypted", delivery.transport.is_encrypted},
        {"stays_here", delivery.transport.stays_here},
        {"country", text_or_null(delivery.country)},
        {"transfer", delivery.is_transfer},
        {"transfer_ref", text_or_null(delivery.transfer_ref)},
        {"purpose", delivery.purpose},
        {"legal_basis", delivery.legal_basis},
        {"reference", text_or_null(delivery.reference)},
        {"until", delivery.until ? json::value(model::to_rfc3339(*delivery.until)) : json::value()},
        {"fields", fields_json(delivery.fields, "sent")},
        {"risk", exposure_json(delivery.exposure)}};
}

json::object activity_json(const RecordedActivity& activity) {
    json::array sources;
    for (const auto& source : activity.sources) sources.push_back(source_json(source));
    json::array deliveries;
    for (const auto& delivery : activity.deliveries) deliveries.push_back(delivery_json(delivery));
    return {
        {"dataset", activity.dataset},
        {"title", activity.title},
        {"description", text_or_null(activity.description)},
        {"purpose", activity.purpose},
        {"legal_basis", activity.legal_basis},
        {"consent_ref", text_or_null(activity.consent_ref)},
        {"consent_each", activity.consent_each},
        {"subjects", text_or_null(activity.subjects)},
        {"sources", std::move(sources)},
        {"sum", sum_json(activity.sum)},
        {"fields", fields_json(activity.fields, "stored")},
        {"retention_s", activity.retention.count()},
        {"risk", exposure_json(activity.exposure)},
        {"deliveries", std::move(deliveries)}};
}

json::object store_json(const settings::Settings& settings) {
    json::array tables;
    for (const auto& table : stored_tables()) {
        json::array columns;
        for (const auto column : table.columns) columns.emplace_back(column);
        tables.push_back(json::object{
            {"table", table.name}, {"columns", std::move(columns)}, {"meaning", tr(table.meaning)}}
        );
    }
    json::array files;
    for (const auto& file : stored_files(settings))
        files.push_back(json::object{{"pattern", file.pattern}, {"meaning", tr(file.meaning)}});
    return {{"tables", std::move(tables)}, {"files", std::move(files)}};
}

json::value officer_json(const settings::Register& about) {
    if (about.officer.empty()) return {};
    const auto& contact = about.officer_contact.empty() ? about.contact : about.officer_contact;
    return json::object{{"name", about.officer}, {"contact", text_or_null(contact)}};
}

}  // namespace

std::string register_json(const ProcessingRecord& record, const settings::Settings& settings) {
    const auto& about = record.about;
    json::array activities;
    for (const auto& activity : record.activities) activities.push_back(activity_json(activity));
    json::array added;
    for (const auto& field : added_fields())
        added.push_back(json::object{{"field", field.name}, {"meaning", tr(field.meaning)}});
    json::array measures;
    for (const auto& measure : record.measures) measures.emplace_back(measure);
    json::array gaps;
    for (const auto& gap : record.gaps)
        gaps.push_back(json::object{{"key", gap.key}, {"text", gap.text}});
    const json::object document{
        {"version", kVersion},
        {"profile", settings::to_string(about.profile)},
        {"gateway",
         json::object{{"id", record.gateway.id}, {"city", text_or_null(record.gateway.city)}}},
        {"controller",
         json::object{
             {"name", text_or_null(about.controller)},
             {"address", text_or_null(about.address)},
             {"contact", text_or_null(about.contact)}}},
        {"officer", officer_json(about)},
        {"activities", std::move(activities)},
        {"added", std::move(added)},
        {"store", store_json(settings)},
        {"measures", std::move(measures)},
        {"gaps", std::move(gaps)}};
    return json::serialize(document);
}

}  // namespace gateway::cli
