#include "gateway/settings/dataset_loader.hpp"

#include "gateway/settings/rule_loader.hpp"
#include "gateway/settings/values.hpp"

#include <array>

namespace gateway::settings {
namespace {

constexpr std::array kPriorities = {
    Choice<Priority>{"normal", Priority::normal},
    Choice<Priority>{"alarm", Priority::alarm},
    Choice<Priority>{"bulk", Priority::bulk}};

constexpr std::array kConsents = {Choice<bool>{"each", true}};

void read_consent(const Value& value, Loading& loading, Dataset& dataset) {
    dataset.consent_each = read_choice<kConsents>(value, loading).value_or(false);
}

constexpr std::array kKeys = {
    Key<Dataset>{"name", into<&Dataset::name, read_name>, Presence::required},
    Key<Dataset>{"purpose", into<&Dataset::purpose, read_text>, Presence::required},
    Key<Dataset>{"legal_basis", into<&Dataset::legal_basis, read_text>, Presence::required},
    Key<Dataset>{"consent_ref", into<&Dataset::consent_ref, read_text>},
    Key<Dataset>{"consent", read_consent},
    Key<Dataset>{
        "retention", into<&Dataset::retention, read_duration<seconds, kHour, 3650 * kDay>>},
    Key<Dataset>{"priority", into<&Dataset::priority, read_choice<kPriorities>>},
    Key<Dataset>{"fields", read_fields, Presence::required}};

}  // namespace

Dataset read_dataset(const Value& value, Loading& loading) {
    return read_table<Dataset>(value, "[[dataset]]", kKeys, loading).value_or(Dataset{});
}

}  // namespace gateway::settings
