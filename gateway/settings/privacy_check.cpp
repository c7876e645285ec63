#include "gateway/language/translate.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/settings/personal_grain.hpp"
#include "gateway/settings/places.hpp"
#include "gateway/settings/transfer.hpp"

#include <algorithm>

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::string_view kFineGrain = "fine-grain";
constexpr std::string_view kKeptIdentity = "kept-identity";
constexpr std::string_view kTransfer = "transfer";

bool names_consents(const Dataset& dataset) {
    return dataset.consent_each || !dataset.consent_ref.empty();
}

// Rules that can leave a person's number or name as it is. Of a time, a value or a sensitive
// field what they leave is coarser, and that may be meant.
bool may_leave_identity(const Rule& rule) {
    return std::holds_alternative<Keep>(rule) || std::holds_alternative<Round>(rule) ||
           std::holds_alternative<TopCode>(rule) || std::holds_alternative<Bin>(rule) ||
           std::holds_alternative<Patterns>(rule);
}

class PrivacyCheck {
  public:
    PrivacyCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : settings_(settings),
          document_(document),
          diagnostics_(diagnostics),
          severity_(settings.privacy.strict ? Severity::error : Severity::warning) {}

    void check_dataset(std::size_t number) {
        const Dataset& dataset = settings_.datasets[number];
        check_names(dataset, number);
        check_grain(dataset, number);
        for (const auto& [field, belongs_to] : dataset.classes)
            check_class(dataset, number, field, belongs_to);
    }

    void check_transfer(std::size_t number) {
        const Uplink& uplink = settings_.uplinks[number];
        if (uplink.country.empty() || !uplink.transfer_ref.empty()) return;
        // Without a register nobody has said whose law holds.
        const bool has_law = !settings_.record.controller.empty();
        if (has_law && !is_transfer(settings_.record.profile, uplink.country)) return;
        diagnostics_.report(
            severity_,
            place_of(document_, {"uplink", number, "country"}),
            tr("readings leave for another country, {0}, and nothing says what allows it",
               {uplink.country}),
            tr("write transfer_ref = \"…\": the authorisation or the agreement; remove 'country' "
               "if it is the city's own"),
            kTransfer
        );
    }

  private:
    // Of devices, that is: groups of sums have names too.
    void check_names(const Dataset& dataset, std::size_t number) {
        const auto device = dataset.fields.find("device");
        if (device == dataset.fields.end() || !std::holds_alternative<Keep>(device->second)) return;
        const auto& sums = settings_.sums;
        const auto adds = [&](const Sum& sum) { return sum.into == dataset.name; };
        if (std::any_of(sums.begin(), sums.end(), adds)) return;
        // Who has written that a device is of no person has thought of it.
        const auto belongs_to = dataset.classes.find("device");
        if (belongs_to != dataset.classes.end() && belongs_to->second == FieldClass::open) return;
        diagnostics_.warning(
            place_of(document_, {"dataset", number, "fields", "device"}),
            tr("the devices' names are stored and sent as they are"),
            tr("write device = \"pseudonym\" if a device can be tied to a person, or { rule = "
               "\"keep\", class = \"public\" } if none can")
        );
    }

    void check_grain(const Dataset& dataset, std::size_t number) {
        if (names_consents(dataset) || !has_personal_grain(dataset)) return;
        const std::string quantity = metered_quantity(settings_, dataset);
        if (quantity.empty()) return;
        diagnostics_.report(
            severity_,
            place_of(document_, {"dataset", number, "fields", "time"}),
            tr("{0} of each meter at a finer grain than a day shows how people live, and no "
               "consent is named",
               {quantity}),
            tr("write time = { rule = \"coarsen\", step = \"P1D\", keep = \"first\" }, or say "
               "where "
               "the consents are recorded: consent_ref = \"…\""),
            kFineGrain
        );
    }

    void check_class(
        const Dataset& dataset, std::size_t number, const std::string& field, FieldClass belongs_to
    ) {
        const Rule& rule = dataset.fields.at(field);
        const bool tells =
            belongs_to == FieldClass::direct
                ? may_leave_identity(rule)
                : belongs_to == FieldClass::sensitive && std::holds_alternative<Keep>(rule);
        if (!tells) return;
        diagnostics_.report(
            severity_,
            place_of(document_, {"dataset", number, "fields", field}),
            tr("'{0}' is of the class \"{1}\", and its rule may leave it as it is",
               {field, to_string(belongs_to)}),
            tr("write a rule that hides it, such as \"pseudonym\" or \"drop\""),
            kKeptIdentity
        );
    }

    const Settings& settings_;
    const Table& document_;
    Diagnostics& diagnostics_;
    Severity severity_;
};

}  // namespace

void check_privacy(const Settings& settings, const Table& document, Diagnostics& diagnostics) {
    PrivacyCheck check{settings, document, diagnostics};
    for (std::size_t i = 0; i < settings.datasets.size(); ++i) check.check_dataset(i);
    for (std::size_t i = 0; i < settings.uplinks.size(); ++i) check.check_transfer(i);
}

}  // namespace gateway::settings
