#include "gateway/language/translate.hpp"
#include "gateway/settings/cross_check.hpp"
#include "gateway/settings/field_class.hpp"
#include "gateway/settings/personal_grain.hpp"
#include "gateway/settings/places.hpp"

namespace gateway::settings {
namespace {

using language::tr;

constexpr std::string_view kFineGrain = "fine-grain";
constexpr std::string_view kKeptIdentity = "kept-identity";

class PrivacyCheck {
  public:
    PrivacyCheck(const Settings& settings, const Table& document, Diagnostics& diagnostics)
        : settings_(settings),
          document_(document),
          diagnostics_(diagnostics),
          severity_(settings.privacy.strict ? Severity::error : Severity::warning) {}

    void check(std::size_t number) {
        const Dataset& dataset = settings_.datasets[number];
        check_grain(dataset, number);
        for (const auto& [field, belongs_to] : dataset.classes)
            check_class(dataset, number, field, belongs_to);
    }

  private:
    void check_grain(const Dataset& dataset, std::size_t number) {
        const bool has_consents = dataset.consent_each || !dataset.consent_ref.empty();
        if (has_consents || !has_personal_grain(dataset)) return;
        const std::string quantity = metered_quantity(settings_, dataset);
        if (quantity.empty()) return;
        diagnostics_.report(
            severity_,
            place_of(document_, {"dataset", number, "fields", "time"}),
            tr("{0} of each meter at a finer grain than a day shows how people live, and no "
               "consent is named",
               {quantity}),
            tr("write time = { rule = \"coarsen\", step = \"P1D\" }, or say where the consents are "
               "recorded: consent_ref = \"…\""),
            kFineGrain
        );
    }

    void check_class(
        const Dataset& dataset, std::size_t number, const std::string& field, FieldClass belongs_to
    ) {
        const bool tells = belongs_to == FieldClass::direct || belongs_to == FieldClass::sensitive;
        if (!tells || !std::holds_alternative<Keep>(dataset.fields.at(field))) return;
        diagnostics_.report(
            severity_,
            place_of(document_, {"dataset", number, "fields", field}),
            tr("'{0}' is of the class \"{1}\" and kept as it is", {field, to_string(belongs_to)}),
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
    for (std::size_t i = 0; i < settings.datasets.size(); ++i) check.check(i);
}

}  // namespace gateway::settings
