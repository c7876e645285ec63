#include "gateway/cli/register_part.hpp"

#include "gateway/cli/recipient_words.hpp"
#include "gateway/cli/rule_words.hpp"
#include "gateway/cli/store_inventory.hpp"
#include "gateway/cli/technique.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/status/words.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;
using settings::FieldClass;

std::string or_missing(const std::string& text) {
    return text.empty() ? std::string{tr("(not given)")} : text;
}

const char* class_words(const std::optional<FieldClass>& belongs_to) {
    if (!belongs_to) return "-";
    switch (*belongs_to) {
        case FieldClass::direct:
            return tr("identity");
        case FieldClass::quasi:
            return tr("indirect identity");
        case FieldClass::behaviour:
            return tr("behaviour");
        case FieldClass::sensitive:
            return tr("sensitive");
        case FieldClass::open:
            return tr("of no person");
    }
    return "-";
}

// `outcome` words what a rule leaves.
Columns fields_table(
    const std::vector<RecordedField>& fields, std::string (*outcome)(const settings::Rule&)
) {
    Columns table{{tr("Field"), tr("Class"), tr("What is left of it"), "ISO/IEC 20889"}, {}};
    for (const auto& field : fields) {
        table.rows.push_back(
            {field.name,
             class_words(field.belongs_to),
             outcome(field.rule),
             technique_words(technique(field.rule))}
        );
    }
    return table;
}

Facts controller(const settings::Register& about) {
    return {
        {{tr("Name"), or_missing(about.controller)},
         {tr("Address"), or_missing(about.address)},
         {tr("Contact"), or_missing(about.contact)}}};
}

Facts rights(const settings::Register& about) {
    const auto& contact = about.officer_contact.empty() ? about.contact : about.officer_contact;
    return {
        {{tr("Data protection officer"), or_missing(about.officer)},
         {tr("People write to"), or_missing(contact)}}};
}

std::vector<Block> inventory(const settings::Settings& settings) {
    Facts files;
    for (const auto& file : stored_files(settings))
        files.rows.emplace_back(file.pattern, tr(file.meaning));
    Facts tables;
    for (const auto& table : stored_tables())
        tables.rows.emplace_back(tr("table {0}", {table.name}), tr(table.meaning));
    Facts added;
    for (const auto& field : added_fields())
        added.rows.emplace_back(std::string{field.name}, tr(field.meaning));
    return {
        std::move(files),
        std::string{tr("In the database:")},
        std::move(tables),
        std::string{tr("What the gateway itself adds to readings and deliveries:")},
        std::move(added)};
}

std::vector<Block> purposes(const RecordedActivity& activity) {
    Facts facts{{{tr("Purpose"), activity.purpose}, {tr("Legal basis"), activity.legal_basis}}};
    if (!activity.consent_ref.empty())
        facts.rows.emplace_back(tr("Consents are recorded in"), activity.consent_ref);
    std::vector<Block> blocks{std::move(facts)};
    if (activity.consent_each)
        blocks.emplace_back(
            tr("Only the readings of devices whose holder has consented are stored; others are "
               "refused and counted.")
        );
    return blocks;
}

std::string persons(const RecordedActivity& activity) {
    if (activity.subjects.empty() && !is_personal(activity.exposure.output))
        return tr("None: these readings tell of nobody in particular.");
    return or_missing(activity.subjects);
}

std::vector<Block> fields(const RecordedActivity& activity) {
    return {
        fields_table(activity.fields, rule_outcome),
        std::string{tr("Any other field is removed before anything is stored, and counted.")}};
}

std::vector<Block> sensitive(const RecordedActivity& activity) {
    std::string names;
    for (const auto& field : activity.fields) {
        if (field.belongs_to != FieldClass::sensitive) continue;
        names.append(names.empty() ? "" : ", ").append(field.name);
    }
    if (names.empty())
        return {std::string{tr("No: the configuration has no field of this class.")}};
    return {tr("Yes: {0}. The table above says what is left of them.", {names})};
}

std::string span_words(settings::seconds span) {
    return status::duration_words(span.count());
}

std::vector<Block> retention(const RecordedActivity& activity) {
    return {
        tr("On this box a reading is deleted when every recipient has confirmed it, and after {0} "
           "at the latest.",
           {span_words(activity.retention)}),
        std::string{tr("What a recipient has received is kept as long as its own register says.")}};
}

Facts delivery_facts(const RecordedDelivery& delivery) {
    Facts facts{
        {{tr("Recipient"), delivery.recipient},
         {tr("Address"), delivery.transport.address + ", " + protection_words(delivery.transport)},
         {tr("Purpose"), delivery.purpose},
         {tr("Legal basis"), delivery.legal_basis}}};
    if (!delivery.country.empty()) facts.rows.emplace_back(tr("Country"), delivery.country);
    if (!delivery.reference.empty()) facts.rows.emplace_back(tr("Agreement"), delivery.reference);
    if (delivery.until) facts.rows.emplace_back(tr("Ends"), status::time_words(*delivery.until));
    return facts;
}

// A recipient without an agreement gets the fields as they are stored: no second table.
bool has_rules(const RecordedDelivery& delivery) {
    return std::any_of(delivery.fields.begin(), delivery.fields.end(), [](const auto& field) {
        return !std::holds_alternative<settings::Keep>(field.rule);
    });
}

std::vector<Block> recipients(const RecordedActivity& activity) {
    if (activity.deliveries.empty()) return {std::string{tr("Nobody: no uplink takes it.")}};
    std::vector<Block> blocks;
    for (const auto& delivery : activity.deliveries) {
        blocks.emplace_back(delivery_facts(delivery));
        if (has_rules(delivery)) {
            blocks.emplace_back(std::string{tr("Of what is stored this recipient gets:")});
            blocks.emplace_back(fields_table(delivery.fields, sent_outcome));
        } else {
            blocks.emplace_back(std::string{
                tr("This recipient gets the fields as they are "
                   "stored.")});
        }
    }
    return blocks;
}

std::vector<Block> transfers(const RecordedActivity& activity) {
    Facts facts;
    for (const auto& delivery : activity.deliveries) {
        if (!delivery.is_transfer) continue;
        facts.rows.emplace_back(
            delivery.recipient + ", " + delivery.country, or_missing(delivery.transfer_ref)
        );
    }
    if (facts.rows.empty())
        return {std::string{
            tr("None: no recipient is in a country that counts as a transfer under this law.")}};
    return {std::string{tr("Recipient and country, and what allows the transfer:")}, facts};
}

std::vector<std::string> risk_row(std::string holder, const Exposure& exposure) {
    return {
        std::move(holder),
        output_words(exposure.output),
        resistance_words(exposure.singling_out),
        resistance_words(exposure.linkability),
        resistance_words(exposure.inference)};
}

std::vector<Block> risks(const RecordedActivity& activity) {
    Columns table{
        {tr("Where"), tr("What it is"), tr("Singling out"), tr("Linking"), tr("Inference")},
        {risk_row(tr("on this box"), activity.exposure)}};
    std::vector<OutputClass> outputs{activity.exposure.output};
    for (const auto& delivery : activity.deliveries) {
        table.rows.push_back(risk_row(delivery.recipient, delivery.exposure));
        const auto output = delivery.exposure.output;
        if (std::find(outputs.begin(), outputs.end(), output) == outputs.end())
            outputs.push_back(output);
    }
    std::vector<Block> blocks{std::move(table)};
    for (const auto output : outputs) blocks.emplace_back(std::string{exposure_statement(output)});
    return blocks;
}

}  // namespace

std::vector<Block> common_part(
    Part part, const ProcessingRecord& record, const settings::Settings& settings
) {
    switch (part) {
        case Part::controller:
            return {controller(record.about)};
        case Part::rights:
            return {rights(record.about)};
        case Part::security:
            return {Listing{record.measures}};
        case Part::inventory:
            return inventory(settings);
        default:
            return {};
    }
}

std::vector<Block> activity_part(Part part, const RecordedActivity& activity) {
    switch (part) {
        case Part::purposes:
            return purposes(activity);
        case Part::persons:
            return {persons(activity)};
        case Part::fields:
            return fields(activity);
        case Part::sensitive:
            return sensitive(activity);
        case Part::recipients:
            return recipients(activity);
        case Part::transfers:
            return transfers(activity);
        case Part::retention:
            return retention(activity);
        case Part::risks:
            return risks(activity);
        default:
            return {};
    }
}

std::vector<Block> activity_summary(const RecordedActivity& activity) {
    std::vector<Block> blocks;
    if (!activity.description.empty()) blocks.emplace_back(activity.description);
    Facts facts{{{tr("Dataset"), activity.dataset}}};
    for (const auto& source : activity.sources) {
        facts.rows.emplace_back(
            tr("Source {0}", {source.name}),
            std::string{source.transport.kind} + ", " + source.format + ", " +
                protection_words(source.transport)
        );
    }
    if (activity.sum != nullptr)
        facts.rows.emplace_back(
            tr("Sum {0}", {activity.sum->name}),
            tr("of the dataset {0}, every {1} ({2})",
               {activity.sum->from,
                span_words(activity.sum->window),
                technique_words(technique(*activity.sum))})
        );
    blocks.emplace_back(std::move(facts));
    return blocks;
}

}  // namespace gateway::cli
