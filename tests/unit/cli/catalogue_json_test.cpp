// The catalogue's parts; that it is valid DCAT-AP a validator says, tests/system/catalogue_test.py.
#include "gateway/cli/catalogue_json.hpp"

#include "gateway/cli/policy_hash.hpp"

#include <catch2/catch.hpp>

using namespace gateway::cli;
using namespace gateway::settings;

namespace {

Settings one_dataset() {
    Settings settings;
    settings.gateway.id = "box-1";
    settings.record.controller = "Ville";
    settings.record.contact = "a@ville.example";
    settings.record.publisher_url = "https://ville.example/";
    settings.record.portal_url = "https://portail.example";
    Dataset dataset;
    dataset.name = "water";
    dataset.purpose = "leaks";
    dataset.fields["device"] = Pseudonym{};
    settings.datasets.push_back(dataset);
    return settings;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

int count_of(const std::string& text, std::string_view part) {
    int count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("how often something is new follows from the grain", "[cli][catalogue]") {
    Settings settings;
    Dataset dataset;
    dataset.name = "sums";
    CHECK(frequency_of(settings, dataset) == "UPDATE_CONT");
    const auto with_step = [&](std::int64_t step) {
        dataset.fields["time"] = Coarsen{seconds{step}};
        return frequency_of(settings, dataset);
    };
    CHECK(with_step(900) == "UPDATE_CONT");
    CHECK(with_step(3600) == "HOURLY");
    CHECK(with_step(86400) == "DAILY");
    CHECK(with_step(7 * 86400) == "WEEKLY");
    CHECK(with_step(30 * 86400) == "MONTHLY");
    CHECK(with_step(2 * 3600) == "OTHER");
    settings.sums.emplace_back().into = "sums";
    settings.sums.front().window = seconds{86400};
    CHECK(frequency_of(settings, dataset) == "DAILY");
}

TEST_CASE("personal data are in the catalogue and not for everybody", "[cli][catalogue]") {
    auto settings = one_dataset();
    settings.record.licence_url = "https://licence.example/";
    const auto personal = catalogue_json(settings, "en");
    CHECK(holds(personal, "access-right/NON_PUBLIC"));
    CHECK(holds(personal, "dpv:PseudonymisedData"));
    CHECK(count_of(personal, "dct:license") == 1);  // of the catalogue itself
    settings.datasets.front().fields["device"] = Keep{};
    settings.datasets.front().classes["device"] = FieldClass::open;
    CHECK(holds(catalogue_json(settings, "en"), "access-right/PUBLIC"));
    CHECK(count_of(catalogue_json(settings, "en"), "dct:license") == 2);
    settings.record.licence_url.clear();
    CHECK(holds(catalogue_json(settings, "en"), "access-right/RESTRICTED"));
}

TEST_CASE("a contact is an address of e-mail or of the web", "[cli][catalogue]") {
    auto settings = one_dataset();
    CHECK(holds(catalogue_json(settings, "en"), "\"mailto:a@ville.example\""));
    settings.record.contact = "https://ville.example/ecrire";
    CHECK(holds(catalogue_json(settings, "en"), "vcard:hasURL"));
}

TEST_CASE("the hash of a policy changes with everything that counts", "[cli][catalogue]") {
    const Dataset before = one_dataset().datasets.front();
    const auto hash = policy_hash(before);
    CHECK(hash.size() == 64);
    CHECK(holds(catalogue_json(one_dataset(), "en"), hash));
    Dataset same = before;
    same.title.text = "another title";
    CHECK(policy_hash(same) == hash);
    std::vector<Dataset> others(6, before);
    others[0].purpose = "other";
    others[1].retention = seconds{1};
    others[2].fields["device"] = Keep{};
    others[3].classes["device"] = FieldClass::direct;
    others[4].consent_ref = "file";
    others[5].consent_each = true;
    for (const auto& other : others) CHECK(policy_hash(other) != hash);
}

TEST_CASE("two policies have no text in common", "[cli][catalogue]") {
    Dataset left;
    left.purpose = "ab";
    left.legal_basis = "c";
    Dataset right;
    right.purpose = "a";
    right.legal_basis = "bc";
    CHECK(policy_hash(left) != policy_hash(right));
}
