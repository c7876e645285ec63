#include "gateway/settings/openness.hpp"

#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;
using namespace std::chrono_literals;
using gateway::model::Decimal;

namespace {

// Whether going from the first to the second opens, and back again.
std::pair<bool, bool> opens(const Rule& one, const Rule& other) {
    return {is_more_open(one, other), is_more_open(other, one)};
}

constexpr std::pair kOnly{true, false};      // the second is more open than the first
constexpr std::pair kUnordered{true, true};  // a person must look
constexpr std::pair kSame{false, false};

std::string found(const std::string& before, const std::string& now) {
    const auto earlier = sample::load(before);
    const auto later = sample::load(now);
    REQUIRE((earlier.settings && later.settings));
    std::string text;
    for (const auto& each : openings(*earlier.settings, *later.settings)) {
        text += std::to_string(static_cast<int>(each.kind)) + ' ' + each.dataset + ' ' +
                each.subject + " [" + each.before + "] [" + each.now + "]\n";
    }
    return text;
}

const std::string kSample{sample::kConfiguration};

}  // namespace

TEST_CASE("nothing tells less than drop and more than keep", "[settings][openness]") {
    const std::vector<Rule> between{
        Pseudonym{},
        Grid{},
        Round{},
        Bin{{{0, 0}, {1, 0}}},
        TopCode{Decimal{0, 0}, {}},
        Network{},
        Patterns{},
        Coarsen{}};
    for (const Rule& rule : between) {
        CHECK(opens(Drop{}, rule) == kOnly);
        CHECK(opens(rule, Keep{}) == kOnly);
        CHECK(opens(rule, rule) == kSame);
    }
    CHECK(opens(Drop{}, Keep{}) == kOnly);
    CHECK(opens(Pseudonym{}, Network{}) == kUnordered);
    CHECK(opens(Round{}, TopCode{Decimal{0, 0}, {}}) == kUnordered);
}

TEST_CASE("a finer rule of the same kind tells more", "[settings][openness]") {
    CHECK(opens(Pseudonym{24h}, Pseudonym{48h}) == kOnly);
    CHECK(opens(Pseudonym{24h}, Pseudonym{0s}) == kOnly);
    CHECK(opens(Pseudonym{24h, Form::mac}, Pseudonym{24h}) == kOnly);
    CHECK(opens(Coarsen{24h}, Coarsen{15min}) == kOnly);
    CHECK(opens(Coarsen{15min}, Coarsen{20min}) == kUnordered);
    CHECK(opens(Grid{500}, Grid{100}) == kOnly);
    CHECK(opens(Round{{1, 0}}, Round{{5, -1}}) == kOnly);
    CHECK(opens(Round{{2, 0}}, Round{{3, 0}}) == kUnordered);
    CHECK(opens(Round{{1, 60}}, Round{{1, -60}}) == kUnordered);
    CHECK(opens(Bin{{{0, 0}, {10, 0}}}, Bin{{{0, 0}, {5, 0}, {10, 0}}}) == kOnly);
    CHECK(opens(TopCode{{}, Decimal{50, 0}}, TopCode{{}, Decimal{60, 0}}) == kOnly);
    CHECK(opens(TopCode{Decimal{5, 0}, Decimal{50, 0}}, TopCode{{}, Decimal{50, 0}}) == kOnly);
    CHECK(opens(TopCode{Decimal{5, 0}, {}}, TopCode{{}, Decimal{50, 0}}) == kUnordered);
    CHECK(opens(Network{16, 32}, Network{24, 32}) == kOnly);
}

TEST_CASE("an unchanged configuration opens nothing", "[settings][openness]") {
    CHECK(found(kSample, kSample).empty());
}

TEST_CASE("a field that tells more is found with both its rules", "[settings][openness]") {
    const auto kept = sample::with(
        "device = \"pseudonym\"\n",
        "device = { rule = \"pseudonym\", epoch = \"none\" }\nsite = \"keep\"\n"
    );
    CHECK(
        found(kSample, kept) ==
        "1 water device [pseudonym, epoch 30 d] [pseudonym, epoch none]\n"
        "1 water site [drop] [keep]\n"
    );
    CHECK(found(kept, kSample).empty());
}

TEST_CASE("a time or value that is no longer coarse is found", "[settings][openness]") {
    const auto coarse = sample::with(
        "device = \"pseudonym\"\n",
        "device = \"pseudonym\"\ntime = { rule = \"coarsen\", step = \"P1D\" }\n"
    );
    CHECK(found(coarse, kSample) == "1 water time [coarsen, step 1 d] [keep]\n");
    CHECK(found(kSample, coarse).empty());
    const std::string step = "step = \"P1D\"";
    auto first = coarse;
    first.insert(first.find(step) + step.size(), ", keep = \"first\"");
    CHECK(
        found(first, coarse) == "1 water time [coarsen, step 1 d, keep first] [coarsen, step 1 d]\n"
    );
    CHECK(found(coarse, first).empty());
}

TEST_CASE("new datasets, recipients and longer terms are found", "[settings][openness]") {
    CHECK(
        found(
            kSample,
            sample::with(
                "legal_basis = \"public task\"\n",
                "legal_basis = \"public task\"\nretention = \"P60D\"\n"
            )
        ) == "3 water  [30 d] [60 d]\n"
    );
    CHECK(
        found(
            kSample,
            kSample + "[[uplink]]\nname = \"firm\"\nkind = \"http\"\n"
                      "url = \"https://firm.example.org/\"\ndatasets = [\"air\"]\n"
        ) == "2 air firm [] [https://firm.example.org/]\n"
    );
    CHECK(
        found(kSample, sample::with("data.example.org", "other.example.org")) ==
        "2 water city [] [https://other.example.org/v1/batches]\n"
        "2 air city [] [https://other.example.org/v1/batches]\n"
    );
    CHECK(
        found(kSample, sample::with("consent_ref = \"register of consents, 2026\"\n", "")) ==
        "4 water  [register of consents, 2026] []\n"
    );
    CHECK(
        found(
            kSample,
            kSample + "[[dataset]]\nname = \"noise\"\npurpose = \"p\"\n"
                      "legal_basis = \"l\"\nfields = { device = \"pseudonym\" }\n"
        ) == "0 noise  [] []\n"
    );
}

TEST_CASE("a sum with other groups, members or steps is found", "[settings][openness]") {
    Settings before;
    auto& sum = before.sums.emplace_back();
    sum.name = "s";
    sum.into = "districts";
    sum.groups = {{"north", {}}};
    const auto changed = [&](auto change) {
        Settings now = before;
        change(now.sums.front());
        return openings(before, now).size();
    };
    CHECK(changed([](Sum&) {}) == 0);
    CHECK(changed([](Sum& now) { now.groups.push_back({"north-b", {}}); }) == 1);
    CHECK(changed([](Sum& now) { now.groups.front().part_of = "all"; }) == 1);
    CHECK(changed([](Sum& now) { now.members = "/another"; }) == 1);
    CHECK(changed([](Sum& now) { now.resolution = {1, -6}; }) == 1);
    CHECK(changed([](Sum& now) { now.resolution = {1, 0}; }) == 0);
    CHECK(changed([](Sum& now) { now.protection = Noise{}; }) == 1);
}
