#include "gateway/cli/charter.hpp"

#include "gateway/cli/plain_words.hpp"
#include "gateway/language/translate.hpp"

#include <set>

namespace gateway::cli {
namespace {

using language::tr;

bool stays(const RecordedField& field) {
    return std::holds_alternative<settings::Keep>(field.rule);
}

std::string joined(const std::set<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text.append(text.empty() ? "" : ", ").append(part);
    return text;
}

// What becomes of each field that a rule changes; the names of others say nothing to a citizen.
Listing removals(const RecordedActivity& activity) {
    Listing listing;
    for (const auto& field : activity.fields) {
        if (field.has_rule && !stays(field))
            listing.items.push_back(
                tr("{0} {1}.", {plain_field(field.name), plain_rule(field.rule)})
            );
    }
    listing.items.emplace_back(tr("Whatever else a device may send is not kept."));
    return listing;
}

std::string recipient_words(const RecordedActivity& activity) {
    std::set<std::string> recipients;
    for (const auto& delivery : activity.deliveries) {
        recipients.insert(
            delivery.purpose == activity.purpose
                ? delivery.recipient
                : tr("{0} (for: {1})", {delivery.recipient, delivery.purpose})
        );
    }
    return recipients.empty() ? std::string{tr("nobody")} : joined(recipients);
}

const char* meaning_for_you(const RecordedActivity& activity) {
    switch (activity.exposure.output) {
        case OutputClass::device_readings:
            return tr("These readings are of things, not of people.");
        case OutputClass::group_sums:
        case OutputClass::noised_sums:
            return tr("These are sums of many homes; nobody can read yours from them.");
        case OutputClass::nameless_readings:
            return tr("These readings bear no name and no number of a meter.");
        case OutputClass::named_curve:
            return tr(
                "These readings bear the name of their meter: they are personal data, and "
                "the law protects you."
            );
        case OutputClass::pseudonymous_curve:
            break;
    }
    return tr(
        "The readings bear a made-up name instead of yours. Who sees them for long may still "
        "recognise the habits of a home: they stay personal data, and the law protects you."
    );
}

Section activity_section(const RecordedActivity& activity) {
    Section section{1, activity.title, {}, {}};
    if (!activity.description.empty()) section.blocks.emplace_back(activity.description);
    Facts why{
        {{tr("Why"), tr("{0} ({1})", {activity.purpose, activity.legal_basis})},
         {tr("Who gets it"), recipient_words(activity)},
         {tr("How long"),
          tr("On this box until it is delivered, {0} at most.",
             {plain_span(activity.retention)})}}};
    if (!activity.consent_ref.empty())
        why.rows.emplace_back(
            tr("With your consent"),
            tr("It is recorded in: {0}. You may withdraw it at any time.", {activity.consent_ref})
        );
    section.blocks.emplace_back(std::move(why));
    section.blocks.emplace_back(std::string{tr("Before anything is stored:")});
    section.blocks.emplace_back(removals(activity));
    section.blocks.emplace_back(std::string{meaning_for_you(activity)});
    return section;
}

Section rights_section(const settings::Register& about) {
    Section section{1, tr("Your rights, and whom to write to"), {}, {}};
    section.blocks.emplace_back(
        tr("You may ask what is known of you, have it corrected or erased, and object. Bring the "
           "number of your meter: the gateway itself knows no names.")
    );
    Facts facts;
    if (!about.contact.empty()) facts.rows.emplace_back(tr("Write to"), about.contact);
    if (!about.address.empty()) facts.rows.emplace_back(tr("Or to"), about.address);
    if (!about.officer.empty()) {
        const bool has_own = !about.officer_contact.empty();
        facts.rows.emplace_back(
            tr("Data protection officer"),
            has_own ? about.officer + ", " + about.officer_contact : about.officer
        );
    }
    section.blocks.emplace_back(std::move(facts));
    return section;
}

}  // namespace

Document charter(const ProcessingRecord& record) {
    const auto& about = record.about;
    const std::string who =
        about.controller.empty() ? std::string{tr("The city")} : about.controller;
    const std::string& where =
        record.gateway.city.empty() ? record.gateway.id : record.gateway.city;
    Document document;
    document.title = tr("What is measured here, and what is not kept");
    document.lead = {
        tr("{0} collects readings of meters and sensors in {1}, through a box named {2}. This page "
           "says which, in plain words. It is made from what the box is really set to do.",
           {who, where, record.gateway.id})};
    for (const auto& activity : record.activities)
        document.sections.push_back(activity_section(activity));
    document.sections.push_back(rights_section(about));
    return document;
}

}  // namespace gateway::cli
