#include "gateway/cli/catalogue_json.hpp"

#include "gateway/cli/dataset_fields.hpp"
#include "gateway/cli/exposure.hpp"
#include "gateway/cli/policy_hash.hpp"
#include "gateway/cli/theme_label.hpp"
#include "gateway/language/translate.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "gateway/settings/wording.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace gateway::cli {
namespace {

namespace json = boost::json;
using language::tr;
using settings::Dataset;
using settings::Settings;

constexpr std::array<const char*, 2> kLanguages{"fr", "en"};
constexpr std::string_view kVocabulary = "http://publications.europa.eu/resource/authority/";

// ADMS's vocabulary of publishers: a city.
constexpr const char* kPublisherType = "http://purl.org/adms/publishertype/LocalAuthority";

json::object context() {
    return {
        {"dcat", "http://www.w3.org/ns/dcat#"},
        {"dct", "http://purl.org/dc/terms/"},
        {"foaf", "http://xmlns.com/foaf/0.1/"},
        {"vcard", "http://www.w3.org/2006/vcard/ns#"},
        {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
        {"skos", "http://www.w3.org/2004/02/skos/core#"},
        {"dpv", "https://w3id.org/dpv#"}};
}

json::object named(const std::string& iri, const char* type) {
    return {{"@id", iri}, {"@type", type}};
}

// An entry of a vocabulary of the European Union.
json::object entry(const char* vocabulary, std::string_view code, const char* type) {
    return named(std::string{kVocabulary}.append(vocabulary).append("/").append(code), type);
}

// A text in each language.
using Text = std::function<std::string(const char* language)>;
json::array texts(const Text& text) {
    json::array both;
    for (const char* language : kLanguages) {
        language::choose(language);
        both.push_back(json::object{{"@value", text(language)}, {"@language", language}});
    }
    return both;
}

// Something of a vocabulary with its name: DCAT-AP asks for it, and whoever reads the catalogue may
// not have the vocabulary.
json::object labelled(json::object thing, const char* property, const Text& label) {
    thing[property] = texts(label);
    return thing;
}

std::string title_of(const Dataset& dataset, const char* language) {
    const auto& title = settings::worded(dataset.title, language);
    return title.empty() ? dataset.name : title;
}

std::string place_of(const Settings& settings) {
    return settings.gateway.city.empty() ? settings.gateway.id : settings.gateway.city;
}

// What somebody who finds the dataset in a portal must know; the purpose is as it is configured.
std::string description_of(const Settings& settings, const Dataset& dataset, const char* language) {
    const auto& description = settings::worded(dataset.description, language);
    std::string text = description.empty() ? std::string{} : description + ' ';
    text +=
        tr("Readings of meters and sensors in {0}. Purpose: {1}.",
           {place_of(settings), dataset.purpose});
    return text;
}

std::string iri_of(const Settings& settings, const Dataset& dataset) {
    return settings.record.portal_url + '/' + dataset.name;
}

// Data privacy vocabulary, https://w3id.org/dpv
const char* privacy_class(OutputClass output) {
    switch (output) {
        case OutputClass::device_readings:
            return "dpv:NonPersonalData";
        case OutputClass::named_curve:
        case OutputClass::nameless_readings:
            return "dpv:PersonalData";
        case OutputClass::pseudonymous_curve:
            return "dpv:PseudonymisedData";
        case OutputClass::group_sums:
        case OutputClass::noised_sums:
            return "dpv:AnonymisedData";
    }
    return "dpv:PersonalData";
}

const std::string& licence_of(const Settings& settings, const Dataset& dataset) {
    return dataset.licence_url.empty() ? settings.record.licence_url : dataset.licence_url;
}

// Personal data are in the catalogue so that people know of them, not for everybody to fetch.
const char* access_of(const Settings& settings, const Dataset& dataset, OutputClass output) {
    if (is_personal(output)) return "NON_PUBLIC";
    return licence_of(settings, dataset).empty() ? "RESTRICTED" : "PUBLIC";
}

// The address decides whether it is one of e-mail, see settings::read_contact.
json::object contact_point(const settings::Register& about) {
    json::object contact{
        {"@type", json::array{"vcard:Kind", "vcard:Organization"}}, {"vcard:fn", about.controller}};
    const bool is_web = about.contact.find("://") != std::string::npos;
    contact[is_web ? "vcard:hasURL" : "vcard:hasEmail"] =
        json::object{{"@id", is_web ? about.contact : "mailto:" + about.contact}};
    return contact;
}

json::object publisher(const settings::Register& about) {
    return {
        {"@id", about.publisher_url},
        {"@type", "foaf:Agent"},
        {"foaf:name", about.controller},
        {"dct:type",
         labelled(named(kPublisherType, "skos:Concept"), "skos:prefLabel", [](const char*) {
             return std::string{tr("Local Authority")};
         })}};
}

json::object statement(const char* type, const Text& text) {
    return {{"@type", type}, {"rdfs:label", texts(text)}};
}

json::object provenance(const Settings& settings, const Dataset& dataset) {
    const std::string hash = policy_hash(dataset);
    return statement("dct:ProvenanceStatement", [&](const char*) {
        return tr(
            "Collected by Passerelle on the gateway {0}; the rules were applied before "
            "anything was stored (SHA-256 of the policy: {1}).",
            {settings.gateway.id, hash}
        );
    });
}

json::object distribution(const Settings& settings, const Dataset& dataset) {
    json::object out{
        {"@id", iri_of(settings, dataset) + "#distribution"},
        {"@type", "dcat:Distribution"},
        {"dct:title", texts([&](const char* language) { return title_of(dataset, language); })},
        {"dct:description", texts([](const char*) {
             return std::string{tr("What the portal shows of the dataset, and how to get it.")};
         })},
        {"dcat:accessURL", named(iri_of(settings, dataset), "rdfs:Resource")}};
    const auto& licence = licence_of(settings, dataset);
    const bool is_open = !is_personal(exposure_of(settings, dataset).output);
    if (is_open && !licence.empty()) out["dct:license"] = named(licence, "dct:LicenseDocument");
    return out;
}

json::object dataset_json(const Settings& settings, const Dataset& dataset) {
    const auto output = exposure_of(settings, dataset).output;
    json::object out{
        {"@id", iri_of(settings, dataset) + "#dataset"},
        {"@type", "dcat:Dataset"},
        {"dct:identifier", settings.gateway.id + '/' + dataset.name},
        {"dct:title", texts([&](const char* language) { return title_of(dataset, language); })},
        {"dct:description",
         texts([&](const char* language) { return description_of(settings, dataset, language); })},
        {"dct:publisher", publisher(settings.record)},
        {"dcat:contactPoint", contact_point(settings.record)},
        {"dcat:landingPage", named(iri_of(settings, dataset), "foaf:Document")},
        {"dct:accrualPeriodicity",
         entry("frequency", frequency_of(settings, dataset), "dct:Frequency")},
        {"dct:accessRights",
         entry("access-right", access_of(settings, dataset, output), "dct:RightsStatement")},
        {"dct:provenance", provenance(settings, dataset)},
        {"dpv:hasData", json::object{{"@id", privacy_class(output)}}},
        {"dct:rights",
         statement(
             "dct:RightsStatement",
             [output](const char*) { return std::string{exposure_statement(output)}; }
         )},
        {"dcat:distribution", distribution(settings, dataset)}};
    if (!dataset.theme.empty()) {
        out["dcat:theme"] = labelled(
            entry("data-theme", dataset.theme, "skos:Concept"),
            "skos:prefLabel",
            [&](const char*) { return theme_label(dataset.theme); }
        );
    }
    if (!dataset.spatial.empty()) out["dct:spatial"] = named(dataset.spatial, "dct:Location");
    return out;
}

json::object service(const Settings& settings) {
    json::array served;
    for (const auto& dataset : settings.datasets)
        served.push_back(json::object{{"@id", iri_of(settings, dataset) + "#dataset"}});
    return {
        {"@id", settings.record.portal_url + "#service"},
        {"@type", "dcat:DataService"},
        {"dct:title",
         texts([](const char*) { return std::string{tr("Portal of the city's data")}; })},
        {"dcat:endpointURL", named(settings.record.portal_url, "rdfs:Resource")},
        {"dcat:contactPoint", contact_point(settings.record)},
        {"dct:publisher", publisher(settings.record)},
        {"dcat:servesDataset", std::move(served)}};
}

json::array written_languages() {
    json::array languages;
    for (const char* code : {"FRA", "ENG"})
        languages.push_back(entry("language", code, "dct:LinguisticSystem"));
    return languages;
}

// What the times of the readings are multiples of; zero: of nothing.
settings::seconds step_of(const Settings& settings, const Dataset& dataset) {
    for (const auto& sum : settings.sums) {
        if (sum.into == dataset.name) return sum.window;
    }
    const auto rule = settings::stored_rule(dataset, "time");
    const auto* coarsen = std::get_if<settings::Coarsen>(&rule);
    return coarsen != nullptr ? coarsen->step : settings::seconds{0};
}

}  // namespace

std::string_view frequency_of(const Settings& settings, const Dataset& dataset) {
    struct Step {
        settings::seconds step;
        std::string_view code;
    };
    constexpr std::int64_t kDay = 86400;
    constexpr auto kSteps = std::to_array<Step>(
        {{settings::seconds{3600}, "HOURLY"},
         {settings::seconds{kDay}, "DAILY"},
         {settings::seconds{7 * kDay}, "WEEKLY"},
         {settings::seconds{30 * kDay}, "MONTHLY"}}
    );
    const auto between = step_of(settings, dataset);
    if (between < kSteps.front().step) return "UPDATE_CONT";
    const auto known = std::find_if(kSteps.begin(), kSteps.end(), [&](const Step& each) {
        return each.step == between;
    });
    return known != kSteps.end() ? known->code : "OTHER";
}

std::vector<std::string> catalogue_gaps(const Settings& settings) {
    const auto& about = settings.record;
    std::vector<std::string> gaps;
    const auto require = [&](const std::string& text, const char* key) {
        if (text.empty()) gaps.emplace_back(key);
    };
    require(about.controller, "register.controller");
    require(about.contact, "register.contact");
    require(about.publisher_url, "register.publisher_url");
    require(about.portal_url, "register.portal_url");
    return gaps;
}

std::string catalogue_json(const Settings& settings, std::string_view language) {
    json::array datasets;
    for (const auto& dataset : settings.datasets)
        datasets.push_back(dataset_json(settings, dataset));
    json::object catalogue{
        {"@context", context()},
        {"@id", settings.record.portal_url + "#catalogue"},
        {"@type", "dcat:Catalog"},
        {"dct:title", texts([&](const char*) {
             return tr("Readings of meters and sensors in {0}", {place_of(settings)});
         })},
        {"dct:description", texts([&](const char*) {
             return tr(
                 "What the gateways of {0} collect. Made from the configurations they run "
                 "on.",
                 {settings.record.controller}
             );
         })},
        {"dct:publisher", publisher(settings.record)},
        {"dct:language", written_languages()},
        {"foaf:homepage", named(settings.record.portal_url, "foaf:Document")},
        {"dcat:themeTaxonomy",
         labelled(
             named(std::string{kVocabulary} + "data-theme", "skos:ConceptScheme"),
             "dct:title",
             [](const char*) { return std::string{tr("Data theme")}; }
         )},
        {"dcat:service", service(settings)},
        {"dcat:dataset", std::move(datasets)}};
    if (const auto& licence = settings.record.licence_url; !licence.empty())
        catalogue["dct:license"] = named(licence, "dct:LicenseDocument");
    language::choose(language);
    return json::serialize(catalogue);
}

}  // namespace gateway::cli
