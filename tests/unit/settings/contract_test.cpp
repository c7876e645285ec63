// What an uplink says of its recipient.
#include "gateway/settings/openness.hpp"
#include "gateway/settings/recipient_terms.hpp"
#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace gateway::settings;
using namespace std::chrono_literals;

namespace {

// The sample with these lines at its end, in [[uplink]]: from line 39 on.
std::string uplink_with(const std::string& lines) {
    return std::string{sample::kConfiguration} + lines;
}

std::string contract(const std::string& lines) {
    return uplink_with("[uplink.contract.water]\n" + lines);
}

std::string fields(const std::string& lines) {
    return contract("[uplink.contract.water.fields]\n" + lines);
}

// The same where the dataset of water has these rules beside the device's.
std::string stored(const std::string& rules, const std::string& sent) {
    std::string text = fields("device = \"keep\"\n" + sent);
    const std::string device = "device = \"pseudonym\"\n";
    return text.insert(text.find(device) + device.size(), rules);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an uplink names its recipient and a contract for each dataset", "[settings][contract]") {
    const auto result = sample::load(uplink_with(R"(recipient = "regie"
country = "FR"
transfer_ref = "CNDP 2026-112"
[uplink.contract.water]
purpose = "billing"
legal_basis = "contract"
reference = "convention 2026-14"
until = "2999-12-31"
fields = { device = { rule = "pseudonym", epoch = "P1Y" }, time = { rule = "coarsen", step = "P1D" } }
[uplink.contract.air]
until = "2999-12-31T18:00:00+01:00"
)"));
    CHECK(result.diagnostics.empty());
    REQUIRE(result.settings);
    const Uplink& uplink = result.settings->uplinks[0];
    CHECK(recipient_of(uplink) == "regie");
    CHECK(uplink.country == "FR");
    CHECK(uplink.transfer_ref == "CNDP 2026-112");
    REQUIRE(uplink.contracts.size() == 2);
    const Contract* water = contract_for(uplink, "water");
    REQUIRE(water != nullptr);
    CHECK(water->purpose == "billing");
    CHECK(water->legal_basis == "contract");
    CHECK(water->reference == "convention 2026-14");
    CHECK(water->until == gateway::model::parse_rfc3339("2999-12-31T00:00:00Z"));
    CHECK(std::get<Pseudonym>(water->fields.at("device")).epoch == 365 * 24h);
    CHECK(std::get<Coarsen>(water->fields.at("time")).step == 24h);
    CHECK(
        contract_for(uplink, "air")->until == gateway::model::parse_rfc3339("2999-12-31T17:00:00Z")
    );
    CHECK(contract_for(uplink, "air")->fields.empty());
    CHECK(contract_for(uplink, "noise") == nullptr);
}

TEST_CASE("without a word an uplink is its own recipient", "[settings][contract]") {
    const auto result = sample::load(sample::kConfiguration);
    REQUIRE(result.settings);
    CHECK(recipient_of(result.settings->uplinks[0]) == "city");
    CHECK(result.settings->uplinks[0].contracts.empty());
}

TEST_CASE("the rule towards a recipient", "[settings][contract]") {
    Dataset dataset;
    dataset.fields = {
        {"device", Pseudonym{}}, {"site", Keep{}}, {"owner", Drop{}}, {"floor", Round{}}};
    const auto is = [&](const Contract* under, const char* field, const Rule& rule) {
        return rule_towards(dataset, under, field).index() == rule.index();
    };
    CHECK(std::get<Pseudonym>(rule_towards(dataset, nullptr, "device")).epoch == 0s);
    CHECK(is(nullptr, "site", Keep{}));
    CHECK(is(nullptr, "floor", Keep{}));
    CHECK(is(nullptr, "owner", Drop{}));
    CHECK(is(nullptr, "time", Keep{}));
    Contract under;
    CHECK(is(&under, "site", Keep{}));
    under.fields = {{"device", Keep{}}, {"site", Pseudonym{24h}}, {"time", Coarsen{}}};
    CHECK(std::get<Pseudonym>(rule_towards(dataset, &under, "device")).epoch == 0s);
    CHECK(std::get<Pseudonym>(rule_towards(dataset, &under, "site")).epoch == 24h);
    CHECK(is(&under, "floor", Drop{}));
    CHECK(is(&under, "time", Coarsen{}));
    CHECK(is(&under, "value", Keep{}));
}

TEST_CASE("a contract speaks of a dataset that is there and goes", "[settings][contract]") {
    CHECK(
        sample::diagnostics_of(uplink_with("[uplink.contract.watr]\n")) ==
        "f.toml:39:1: there is no dataset \"watr\": did you mean 'water'?\n"
    );
    CHECK(
        sample::diagnostics_of(uplink_with("datasets = [\"air\", \"water\"]\n"
                                           "[uplink.contract.noise]\n")) ==
        "f.toml:40:1: there is no dataset \"noise\": add a [[dataset]] with name = \"noise\"\n"
    );
    CHECK(sample::diagnostics_of(uplink_with("datasets = [\"air\"]\n[uplink.contract.water]\n"))
              .starts_with("f.toml:40:1: the uplink does not take the dataset \"water\": add "
                           "\"water\" to its 'datasets', or remove the contract\n"));
    CHECK(
        sample::diagnostics_of(contract("purpos = \"x\"\n")) ==
        "f.toml:40:1: 'purpos' is not a key of [uplink.contract.water]: did you mean 'purpose'?\n"
    );
    CHECK(sample::diagnostics_of(contract("reference = \"convention 2026-14\"\n")).empty());
}

TEST_CASE("a contract's fields are those that are stored", "[settings][contract]") {
    CHECK(
        sample::diagnostics_of(fields("device = \"keep\"\nsite = \"keep\"\n")) ==
        "f.toml:42:8: 'site' is not stored: the dataset \"water\" drops it: remove it here, or "
        "write a rule for it in the dataset's fields\n"
    );
    CHECK(contains(
        sample::diagnostics_of(stored("site = \"drop\"\n", "site = \"keep\"\n")),
        "'site' is not stored"
    ));
    CHECK(sample::diagnostics_of(stored("site = \"keep\"\n", "site = \"keep\"\n")).empty());
    CHECK(
        sample::diagnostics_of(fields("time = \"keep\"\n")) ==
        "f.toml:40:1: no rule says what happens to the device's name: add device = \"pseudonym\", "
        "or \"keep\" where no device belongs to a person\n"
    );
    CHECK(contains(
        sample::diagnostics_of(fields("device = { rule = \"keep\", class = \"direct\" }\n")),
        "'class' is not a key of device"
    ));
}

TEST_CASE("a contract's rule fits what is stored", "[settings][contract]") {
    CHECK(
        sample::diagnostics_of(fields("device = \"mac\"\n")) ==
        "f.toml:41:10: 'device' cannot become this: it is stored as \"pseudonym, epoch 30 d\": "
        "write \"keep\", or a rule for what is stored\n"
    );
    const auto refused = [](const std::string& rule, const std::string& sent) {
        const auto found =
            sample::diagnostics_of(stored("x = " + rule + "\n", "x = " + sent + "\n"));
        return contains(found, "'x' cannot become this");
    };
    CHECK(refused("\"pseudonym\"", "\"round\""));
    CHECK(refused("\"pseudonym\"", "\"email\""));
    CHECK(refused("\"ip\"", "\"ip\""));
    CHECK(refused("\"grid\"", "\"pseudonym\""));
    CHECK(refused("\"round\"", "\"grid\""));
    CHECK_FALSE(refused("\"pseudonym\"", "\"pseudonym\""));
    CHECK_FALSE(refused("\"keep\"", "\"email\""));
    CHECK_FALSE(refused("\"round\"", "{ rule = \"topcode\", max = 5 }"));
    CHECK_FALSE(refused("\"ip\"", "\"pseudonym\""));
}

TEST_CASE("a coarsening finer than the dataset's is warned of", "[settings][contract]") {
    CHECK(
        sample::diagnostics_of(stored(
            "time = { rule = \"coarsen\", step = \"PT1H\" }\n",
            "time = { rule = \"coarsen\", step = \"PT15M\" }\n"
        )) ==
        "f.toml:43:8: warning: this promises more than is stored: 'time' is stored as \"coarsen, "
        "step 1 h\": write \"keep\", or a coarser rule\n"
    );
    const auto warned = [](const std::string& rule, const std::string& sent) {
        const auto found =
            sample::diagnostics_of(stored("x = " + rule + "\n", "x = " + sent + "\n"));
        return contains(found, "warning: this promises more than is stored: 'x'");
    };
    CHECK(warned("{ rule = \"grid\", metres = 500 }", "{ rule = \"grid\", metres = 100 }"));
    CHECK(warned("{ rule = \"round\", step = 1 }", "{ rule = \"round\", step = 0.5 }"));
    CHECK(warned("{ rule = \"bin\", edges = [0, 10] }", "{ rule = \"bin\", edges = [0, 5] }"));
    CHECK(warned("{ rule = \"topcode\", max = 5 }", "{ rule = \"topcode\", max = 9 }"));
    CHECK_FALSE(warned("{ rule = \"grid\", metres = 500 }", "{ rule = \"grid\", metres = 1000 }"));
    CHECK_FALSE(warned("{ rule = \"round\", step = 1 }", "{ rule = \"round\", step = 5 }"));
    CHECK_FALSE(warned("{ rule = \"topcode\", max = 5 }", "{ rule = \"topcode\", min = 1 }"));
    CHECK_FALSE(
        warned("{ rule = \"bin\", edges = [0, 5, 10] }", "{ rule = \"bin\", edges = [0, 10] }")
    );
    CHECK_FALSE(warned("\"keep\"", "{ rule = \"round\", step = 5 }"));
}

TEST_CASE("another country needs what allows it", "[settings][contract]") {
    const auto text = uplink_with("country = \"FR\"\n");
    CHECK(
        sample::diagnostics_of(text) ==
        "f.toml:39:11: warning: readings leave for another country, FR, and nothing says what "
        "allows it: write transfer_ref = \"…\": the authorisation or the agreement; remove "
        "'country' if it is the city's own [transfer]\n"
    );
    CHECK(sample::load(text).settings);
    const std::string is_strict = "[privacy]\nstrict = true\n";
    CHECK_FALSE(sample::load(text + is_strict).settings);
    const std::string of_law =
        is_strict + "[register]\ncontroller = \"Ville\"\ncontact = \"a@ville.example\"\nprofile = ";
    CHECK(sample::diagnostics_of(text + of_law + "\"fr\"\n") == "");
    CHECK_FALSE(sample::load(text + of_law + "\"tn\"\n").settings);
    for (const char* wrong : {"fr", "FRA", "XX", "F ", ""})
        CHECK_FALSE(sample::load(uplink_with(std::string{"country = \""} + wrong + "\"\n")).settings
        );
    CHECK(
        sample::diagnostics_of(uplink_with("country = \"UK\"\n")) ==
        "f.toml:39:11: \"UK\" is not a country of ISO 3166-1: write its two capital letters, such "
        "as \"FR\" or \"TN\"\n"
    );
}

TEST_CASE("a contract cannot keep one reading a step", "[settings][contract]") {
    const auto first = fields(
        "device = \"keep\"\ntime = { rule = \"coarsen\", step = \"P1D\", keep = \"first\" }\n"
    );
    CHECK_FALSE(sample::load(first).settings);
    CHECK(contains(
        sample::diagnostics_of(first),
        "a contract removes no reading: 'keep' = \"first\" is for a dataset: remove 'keep' here, "
        "or "
        "write the rule in the fields of \"water\"\n"
    ));
}

TEST_CASE("an end is a date or a time, and a past one is warned of", "[settings][contract]") {
    for (const char* wrong :
         {"\"tomorrow\"", "\"2027-13-01\"", "2027-12-31", "\"2027-12-31T00:00\""})
        CHECK_FALSE(sample::load(contract(std::string{"until = "} + wrong + "\n")).settings);
    CHECK(
        sample::diagnostics_of(contract("until = \"2001-02-03\"\n")) ==
        "f.toml:40:9: warning: this contract has ended: nothing of its dataset leaves by this "
        "uplink: write the new end when it is renewed, or remove the dataset from the uplink\n"
    );
    CHECK(sample::load(contract("until = \"2001-02-03\"\n")).settings);
    LoadOptions earlier{.look_at_files = false};
    earlier.now = *gateway::model::parse_rfc3339("2001-02-02T23:59:59Z");
    CHECK(load_text(contract("until = \"2001-02-03\"\n"), "f.toml", earlier).diagnostics.empty());
}

TEST_CASE("what a contract opens is found", "[settings][contract][openness]") {
    const auto found = [](const std::string& before, const std::string& now) {
        const auto earlier = sample::load(before);
        const auto later = sample::load(now);
        REQUIRE((earlier.settings && later.settings));
        std::string text;
        for (const auto& each : openings(*earlier.settings, *later.settings)) {
            text += std::to_string(static_cast<int>(each.kind)) + ' ' + each.dataset + ' ' +
                    each.subject + ' ' + each.field + " [" + each.before + "] [" + each.now + "]\n";
        }
        return text;
    };
    const auto code = [](Opening::Kind kind) { return std::to_string(static_cast<int>(kind)); };
    const auto fine = fields("device = \"keep\"\n");
    const auto daily = fields("device = \"keep\"\ntime = { rule = \"coarsen\", step = \"P1D\" }\n");
    CHECK(found(daily, daily).empty());
    CHECK(found(fine, daily).empty());
    CHECK(
        found(daily, fine) ==
        code(Opening::Kind::contract) + " water city time [coarsen, step 1 d] [keep]\n"
    );
    CHECK(found(daily, std::string{sample::kConfiguration}) == found(daily, fine));

    const auto named = uplink_with("recipient = \"regie\"\n");
    CHECK(contains(
        found(std::string{sample::kConfiguration}, named),
        code(Opening::Kind::domain) + " water city  [city] [regie]\n"
    ));
    const auto abroad = uplink_with("country = \"FR\"\ntransfer_ref = \"x\"\n");
    CHECK(contains(
        found(std::string{sample::kConfiguration}, abroad),
        code(Opening::Kind::country) + " air city  [] [FR]\n"
    ));
    CHECK(found(abroad, std::string{sample::kConfiguration}).empty());

    const auto short_term = contract("until = \"2990-01-01\"\n");
    const auto long_term = contract("until = \"2991-01-01\"\n");
    CHECK(found(long_term, short_term).empty());
    CHECK(
        found(short_term, long_term) ==
        code(Opening::Kind::term) +
            " water city  [2990-01-01T00:00:00.000Z] [2991-01-01T00:00:00.000Z]\n"
    );
    CHECK(
        found(short_term, std::string{sample::kConfiguration}) ==
        code(Opening::Kind::term) + " water city  [2990-01-01T00:00:00.000Z] []\n"
    );
}
