#include "gateway/cli/processing_record.hpp"

#include "gateway/cli/dataset_fields.hpp"
#include "gateway/cli/security_measures.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/transfer.hpp"
#include "gateway/settings/wording.hpp"

#include <algorithm>
#include <array>

namespace gateway::cli {
namespace {

using language::tr;
using settings::Jurisdiction;

bool passes(const settings::Rule& rule) {
    return !std::holds_alternative<settings::Drop>(rule);
}

std::vector<RecordedField> recorded_fields(
    const settings::Settings& settings, const settings::Dataset& dataset
) {
    std::vector<RecordedField> fields;
    for (const auto& name : fields_of(settings, dataset)) {
        const auto given = dataset.classes.find(name);
        auto rule = settings::stored_rule(dataset, name);
        const bool is_stored = passes(rule);
        fields.push_back(
            {name,
             given != dataset.classes.end() ? std::optional{given->second} : std::nullopt,
             std::move(rule),
             is_stored,
             dataset.fields.contains(name)}
        );
    }
    return fields;
}

// What becomes of the fields that are stored on their way to a recipient.
std::vector<RecordedField> sent_fields(
    const std::vector<RecordedField>& stored,
    const settings::Dataset& dataset,
    const settings::Contract* contract
) {
    std::vector<RecordedField> fields;
    for (const auto& field : stored) {
        if (!field.passes) continue;
        auto rule = settings::rule_towards(dataset, contract, field.name);
        const bool is_sent = passes(rule);
        fields.push_back({field.name, field.belongs_to, std::move(rule), is_sent});
    }
    return fields;
}

const std::string& first_of(const std::string& text, const std::string& otherwise) {
    return text.empty() ? otherwise : text;
}

RecordedDelivery delivery(
    const settings::Settings& settings,
    const settings::Uplink& uplink,
    const settings::Dataset& dataset,
    const std::vector<RecordedField>& stored
) {
    const auto* contract = settings::contract_for(uplink, dataset.name);
    RecordedDelivery out;
    out.uplink = uplink.name;
    out.recipient = first_of(uplink.recipient, uplink.name);
    out.transport = transport_of(uplink);
    out.country = uplink.country;
    out.is_transfer = settings::is_transfer(settings.record.profile, uplink.country);
    out.transfer_ref = uplink.transfer_ref;
    out.purpose = dataset.purpose;
    out.legal_basis = dataset.legal_basis;
    if (contract != nullptr) {
        out.purpose = first_of(contract->purpose, dataset.purpose);
        out.legal_basis = first_of(contract->legal_basis, dataset.legal_basis);
        out.reference = contract->reference;
        out.until = contract->until;
    }
    out.fields = sent_fields(stored, dataset, contract);
    out.exposure = exposure_of(settings, dataset, contract);
    return out;
}

RecordedActivity activity(
    const settings::Settings& settings, const settings::Dataset& dataset, std::string_view language
) {
    RecordedActivity out;
    out.dataset = dataset.name;
    out.title = first_of(settings::worded(dataset.title, language), dataset.name);
    out.description = settings::worded(dataset.description, language);
    out.purpose = dataset.purpose;
    out.legal_basis = dataset.legal_basis;
    out.consent_ref = dataset.consent_ref;
    out.consent_each = dataset.consent_each;
    out.subjects = dataset.subjects;
    out.retention = dataset.retention;
    for (const auto& source : settings.sources) {
        if (source.dataset == dataset.name)
            out.sources.push_back({source.name, source.format.name, transport_of(source)});
    }
    for (const auto& sum : settings.sums) {
        if (sum.into == dataset.name) out.sum = &sum;
    }
    out.fields = recorded_fields(settings, dataset);
    out.exposure = exposure_of(settings, dataset);
    for (const auto& uplink : settings.uplinks) {
        if (settings::takes(uplink, dataset.name))
            out.deliveries.push_back(delivery(settings, uplink, dataset, out.fields));
    }
    return out;
}

// Collects what is not said.
class Gaps {
  public:
    void require(const std::string& text, std::string key, const char* missing) {
        if (text.empty()) gaps_.push_back({std::move(key), missing});
    }

    void require(const settings::Register& about) {
        require(about.controller, "register.controller", tr("who answers for the processing"));
        require(about.address, "register.address", tr("the controller's postal address"));
        require(about.contact, "register.contact", tr("where people write to"));
        // GDPR art. 37(1)(a): a public authority has one. Elsewhere the law decides.
        if (about.profile == Jurisdiction::fr)
            require(about.officer, "register.officer", tr("the data protection officer"));
    }

    void require(const RecordedActivity& activity) {
        const std::string place = "dataset." + activity.dataset;
        require(activity.description, place + ".description", tr("what the dataset is about"));
        if (is_personal(activity.exposure.output))
            require(activity.subjects, place + ".subjects", tr("whose data they are"));
        for (const auto& delivery : activity.deliveries) {
            if (delivery.is_transfer)
                require(
                    delivery.transfer_ref,
                    "uplink." + delivery.uplink + ".transfer_ref",
                    tr("what allows the transfer to another country")
                );
        }
    }

    std::vector<RecordGap> take() { return std::move(gaps_); }

  private:
    std::vector<RecordGap> gaps_;
};

}  // namespace

ProcessingRecord make_record(const settings::Settings& settings, std::string_view language) {
    ProcessingRecord record;
    record.gateway = settings.gateway;
    record.about = settings.record;
    Gaps gaps;
    gaps.require(settings.record);
    for (const auto& dataset : settings.datasets) {
        record.activities.push_back(activity(settings, dataset, language));
        gaps.require(record.activities.back());
    }
    record.measures = security_measures(settings);
    record.gaps = gaps.take();
    return record;
}

}  // namespace gateway::cli
