#include "gateway/settings/dataset_loader.hpp"

#include "gateway/settings/iri.hpp"
#include "gateway/settings/rule_loader.hpp"
#include "gateway/settings/values.hpp"
#include "gateway/settings/wording.hpp"

#include <array>

namespace gateway::settings {
namespace {

constexpr std::array kPriorities = {
    Choice<Priority>{"normal", Priority::normal},
    Choice<Priority>{"alarm", Priority::alarm},
    Choice<Priority>{"bulk", Priority::bulk}};

// The data themes of the European Union, as DCAT-AP names them:
// http://publications.europa.eu/resource/authority/data-theme
constexpr std::array kThemes = {
    Choice<std::string_view>{"AGRI", "AGRI"},
    Choice<std::string_view>{"ECON", "ECON"},
    Choice<std::string_view>{"EDUC", "EDUC"},
    Choice<std::string_view>{"ENER", "ENER"},
    Choice<std::string_view>{"ENVI", "ENVI"},
    Choice<std::string_view>{"GOVE", "GOVE"},
    Choice<std::string_view>{"HEAL", "HEAL"},
    Choice<std::string_view>{"INTR", "INTR"},
    Choice<std::string_view>{"JUST", "JUST"},
    Choice<std::string_view>{"REGI", "REGI"},
    Choice<std::string_view>{"SOCI", "SOCI"},
    Choice<std::string_view>{"TECH", "TECH"},
    Choice<std::string_view>{"TRAN", "TRAN"}};

std::optional<std::string> read_theme(const Value& value, Loading& loading) {
    const auto theme = read_choice<kThemes>(value, loading);
    return theme ? std::optional{std::string{*theme}} : std::nullopt;
}

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
    Key<Dataset>{"title", into<&Dataset::title, read_wording>},
    Key<Dataset>{"description", into<&Dataset::description, read_wording>},
    Key<Dataset>{"subjects", into<&Dataset::subjects, read_text>},
    Key<Dataset>{"theme", into<&Dataset::theme, read_theme>},
    Key<Dataset>{"spatial", into<&Dataset::spatial, read_iri>},
    Key<Dataset>{"licence_url", into<&Dataset::licence_url, read_iri>},
    Key<Dataset>{
        "retention", into<&Dataset::retention, read_duration<seconds, kHour, 3650 * kDay>>},
    Key<Dataset>{"priority", into<&Dataset::priority, read_choice<kPriorities>>},
    Key<Dataset>{"fields", read_fields, Presence::required}};

}  // namespace

Dataset read_dataset(const Value& value, Loading& loading) {
    return read_table<Dataset>(value, "[[dataset]]", kKeys, loading).value_or(Dataset{});
}

}  // namespace gateway::settings
