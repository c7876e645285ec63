#include "tests/unit/settings/sample.hpp"

#include <catch2/catch.hpp>

using namespace gateway::settings;
using namespace std::chrono_literals;

namespace {

const std::string kSum = R"toml(
[[quantity]]
name = "water.volume.district"
unit = "m3"

[[dataset]]
name = "districts"
purpose = "network balance"
legal_basis = "public task"
fields = { device = "keep" }

[[sum]]
name = "by-district"
from = "water"
quantity = "water.volume"
into = "districts"
groups = ["north", { name = "north-a", part_of = "north" }]
members = "/dev/null"
)toml";

std::string document(const std::string& more = {}) {
    return std::string(sample::kConfiguration) + kSum + more;
}

std::string changed(const std::string& from, const std::string& to) {
    std::string text = document();
    const auto at = text.rfind(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

bool says(const std::string& text, std::string_view part) {
    const auto diagnostics = sample::diagnostics_of(text);
    INFO(diagnostics);
    return diagnostics.find(part) != std::string::npos;
}

Sum loaded(const std::string& text) {
    const auto result = sample::load(text);
    INFO(sample::diagnostics_of(text));
    REQUIRE(result.settings);
    return result.settings->sums.at(0);
}

}  // namespace

TEST_CASE("a sum has the defaults of the city's own use", "[settings][sums]") {
    const Sum sum = loaded(document());
    CHECK(sum.name == "by-district");
    CHECK(sum.groups.at(1).part_of == "north");
    CHECK(sum.window == 1h);
    CHECK(sum.grace == 10min);
    CHECK(sum.resolution == gateway::model::Decimal{1, -3});
    const auto threshold = std::get<Threshold>(sum.protection);
    CHECK(threshold.meters_min == 11);
    CHECK(threshold.share_percent_max == 50);
    CHECK(sample::diagnostics_of(document()).empty());
}

TEST_CASE("a preset of a sum can be made stricter", "[settings][sums]") {
    const Sum sum = loaded(document("preset = \"open\"\nmeters_min = 20\nwindow = \"PT30M\"\n"));
    const auto threshold = std::get<Threshold>(sum.protection);
    CHECK(threshold.meters_min == 20);
    CHECK(threshold.share_percent_max == 25);
    CHECK(sum.window == 30min);
}

TEST_CASE("a sum with noise", "[settings][sums]") {
    const std::string noise =
        "as = \"water.volume.district\"\n"
        "noise = { contribution_max = 30, epsilon = 0.5, cap = 15.5, period = \"P31D\" }\n";
    const Sum sum = loaded(document(noise));
    const auto& read = std::get<Noise>(sum.protection);
    CHECK(read.contribution_max == gateway::model::Decimal{30, 0});
    CHECK(read.epsilon == gateway::model::Decimal{5, -1});
    CHECK(read.period == 31 * 24h);
    CHECK(says(document(noise + "meters_min = 11\n"), "it belongs to a sum without noise"));
    CHECK(says(document("noise = { contribution_max = 30 }\n"), "with noise a sum may be negative")
    );
    CHECK(says(
        document("noise = { contribution_max = 30, epsilon = 2, cap = 1 }\n"),
        "'epsilon' is above 'cap'"
    ));
    CHECK(says(document("noise = { contribution_max = 0 }\n"), "must be above 0"));
}

TEST_CASE("what a sum refers to must be there", "[settings][sums]") {
    CHECK(says(changed("from = \"water\"", "from = \"watter\""), "there is no dataset \"watter\""));
    CHECK(says(changed("into = \"districts\"", "into = \"water\""), "would be summed again"));
    CHECK(says(changed("into = \"districts\"", "into = \"air\""), "would hide the names"));
    CHECK(says(
        changed("into = \"districts\"", "into = \"air\""),
        "single meters would stand among the sums"
    ));
    CHECK(says(
        document(
            "[[dataset]]\nname = \"nameless\"\npurpose = \"x\"\nlegal_basis = \"public task\"\n"
            "[[sum]]\nname = \"s\"\nfrom = \"nameless\"\nquantity = \"water.volume\"\n"
            "into = \"districts\"\ngroups = [\"g\"]\nmembers = \"/dev/null\"\n"
        ),
        "keeps no device"
    ));
    CHECK(says(
        changed("quantity = \"water.volume\"", "quantity = \"water.volum\""),
        "there is no quantity \"water.volum\""
    ));
    CHECK(says(document("as = \"water.flow\"\n"), "is in m3, \"water.flow\" in m3/h"));
}

TEST_CASE("groups of a sum are a list with totals before their parts", "[settings][sums]") {
    const std::string groups = "groups = [\"north\", { name = \"north-a\", part_of = \"north\" }]";
    CHECK(says(changed(groups, "groups = []"), "there is no group"));
    CHECK(says(changed(groups, "groups = [\"a\", \"a\"]"), "there are two groups \"a\""));
    CHECK(says(
        changed(groups, "groups = [{ name = \"a\", part_of = \"b\" }, \"b\"]"),
        "\"a\" is part of \"b\", which is no group before it"
    ));
    CHECK(says(changed(groups, "groups = \"north\""), "a list of groups"));
}

TEST_CASE("windows and steps of a sum have their bounds", "[settings][sums]") {
    CHECK(says(document("window = \"30 s\"\n"), "window"));
    CHECK(says(document("resolution = 0.5\n"), "'resolution' is not a power of ten"));
    CHECK(loaded(document("resolution = 100\n")).resolution == gateway::model::Decimal{1, 2});
    CHECK(says(document("meters_min = 2\n"), "meters_min"));
    std::string coarse = document("window = \"PT20M\"\n");
    const std::string rule = "device = \"pseudonym\"\n";
    coarse.replace(
        coarse.find(rule), rule.size(), rule + "time = { rule = \"coarsen\", step = \"PT15M\" }\n"
    );
    CHECK(says(coarse, "the window is no multiple of the 15 min"));
}
