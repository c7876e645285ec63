#include "gateway/cli/exposure.hpp"

#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"

#include <algorithm>

namespace gateway::cli {
namespace {

using language::tr;
using settings::FieldClass;

const settings::Sum* sum_into(
    const settings::Settings& settings, const settings::Dataset& dataset
) {
    const auto sum =
        std::find_if(settings.sums.begin(), settings.sums.end(), [&](const settings::Sum& each) {
            return each.into == dataset.name;
        });
    return sum != settings.sums.end() ? &*sum : nullptr;
}

// A dataset as somebody holds it: stored, or what a contract leaves of it.
class Held {
  public:
    Held(const settings::Dataset& dataset, const settings::Contract* contract)
        : dataset_(dataset), contract_(contract) {}

    template <class Kind>
    bool is(const std::string& field) const {
        return std::holds_alternative<Kind>(settings::stored_rule(dataset_, field)) ||
               std::holds_alternative<Kind>(settings::rule_towards(dataset_, contract_, field));
    }

    bool has(const std::string& field) const { return !is<settings::Drop>(field); }

    bool tells_of_a_person() const {
        return std::any_of(
            dataset_.classes.begin(),
            dataset_.classes.end(),
            [this](const auto& given) {
                return given.second != FieldClass::open && has(given.first);
            }
        );
    }

    bool has_public_device() const {
        const auto device = dataset_.classes.find("device");
        return device != dataset_.classes.end() && device->second == FieldClass::open;
    }

  private:
    const settings::Dataset& dataset_;
    const settings::Contract* contract_;
};

}  // namespace

Exposure exposure_of(
    const settings::Settings& settings,
    const settings::Dataset& dataset,
    const settings::Contract* contract
) {
    using enum Resistance;
    if (const auto* sum = sum_into(settings, dataset)) {
        if (std::holds_alternative<settings::Noise>(sum->protection))
            return {OutputClass::noised_sums, yes, yes, yes};
        return {OutputClass::group_sums, yes, yes, partly};
    }
    const Held held{dataset, contract};
    if (held.has_public_device() && !held.tells_of_a_person())
        return {OutputClass::device_readings, no_person, no_person, no_person};
    if (!held.has("device")) return {OutputClass::nameless_readings, partly, partly, partly};
    const auto output = held.is<settings::Pseudonym>("device") ? OutputClass::pseudonymous_curve
                                                               : OutputClass::named_curve;
    return {output, no, no, no};
}

bool is_personal(OutputClass output) {
    return output == OutputClass::named_curve || output == OutputClass::pseudonymous_curve ||
           output == OutputClass::nameless_readings;
}

std::string_view to_string(OutputClass output) {
    switch (output) {
        case OutputClass::device_readings:
            return "device-readings";
        case OutputClass::named_curve:
            return "named-curve";
        case OutputClass::pseudonymous_curve:
            return "pseudonymous-curve";
        case OutputClass::nameless_readings:
            return "nameless-readings";
        case OutputClass::group_sums:
            return "group-sums";
        case OutputClass::noised_sums:
            return "noised-sums";
    }
    return {};
}

std::string_view to_string(Resistance resistance) {
    switch (resistance) {
        case Resistance::no_person:
            return "no-person";
        case Resistance::no:
            return "no";
        case Resistance::partly:
            return "partly";
        case Resistance::yes:
            return "yes";
    }
    return {};
}

const char* output_words(OutputClass output) {
    switch (output) {
        case OutputClass::device_readings:
            return tr("readings of things");
        case OutputClass::named_curve:
            return tr("a curve under the device's own name");
        case OutputClass::pseudonymous_curve:
            return tr("a pseudonymised curve");
        case OutputClass::nameless_readings:
            return tr("readings without a device");
        case OutputClass::group_sums:
            return tr("sums of groups");
        case OutputClass::noised_sums:
            return tr("sums of groups with noise");
    }
    return "";
}

const char* resistance_words(Resistance resistance) {
    switch (resistance) {
        case Resistance::no_person:
            return tr("no person is concerned");
        case Resistance::no:
            return tr("not resisted");
        case Resistance::partly:
            return tr("resisted in part");
        case Resistance::yes:
            return tr("resisted");
    }
    return "";
}

const char* exposure_statement(OutputClass output) {
    switch (output) {
        case OutputClass::device_readings:
            return tr(
                "The configuration says that nobody is behind a device. Once a device is "
                "tied to one address, a private bin or a charging point, its readings are "
                "personal data."
            );
        case OutputClass::named_curve:
            return tr(
                "Who knows to whom a device belongs reads that person's habits: this is "
                "personal data."
            );
        case OutputClass::pseudonymous_curve:
            return tr(
                "A pseudonymised curve stays personal data: nobody reads the name without "
                "the key, but a household can be recognised by the curve itself, also across "
                "two pseudonyms."
            );
        case OutputClass::nameless_readings:
            return tr(
                "Without a device readings still come in an order, at times and in places: "
                "treat them as personal data until somebody has shown that they are not."
            );
        case OutputClass::group_sums:
            return tr(
                "A sum tells of a group and of nobody in it, as long as groups and windows "
                "stay as they are configured; what holds for the whole group can still be "
                "inferred."
            );
        case OutputClass::noised_sums:
            return tr(
                "The noise bounds what a sum can tell of any one device (differential "
                "privacy), as long as its budget is kept."
            );
    }
    return "";
}

}  // namespace gateway::cli
